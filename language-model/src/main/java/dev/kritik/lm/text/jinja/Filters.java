/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jinja's filters, as far as chat templates use them. */
final class Filters {

    private Filters() {}

    /** @param args without the value itself */
    static Object apply(Object value, Args args, Budget budget) {
        // Map can name map
        budget.enter(args.line());
        Object result = ofValue(value, args, budget);
        budget.leave();
        return result;
    }

    private static Object ofValue(Object value, Args args, Budget budget) {
        int line = args.line();
        return switch (args.what()) {
            case "trim" -> Methods.strip(text(value, budget, line), args, true, true, budget);
            case "upper" -> text(value, budget, line).toUpperCase(Locale.ROOT);
            case "lower" -> text(value, budget, line).toLowerCase(Locale.ROOT);
            case "title" -> Text.titleFilter(text(value, budget, line));
            case "capitalize" -> Methods.capitalize(text(value, budget, line));
            case "string" -> args.none(text(value, budget, line));
            case "safe" -> args.none(value);
            case "replace" -> {
                args.of("old", "new", "count");
                yield Methods.replace(
                        text(value, budget, line),
                        args.text(0, "old"),
                        args.text(1, "new"),
                        args.number(2, "count", -1),
                        budget,
                        args);
            }
            case "format" -> Operators.format(text(value, budget, line), args.unnamed(), budget, line);
            case "indent" -> indent(text(value, budget, line), args.of("width", "first", "blank"), budget);
            case "tojson" -> json(value, args.of("ensure_ascii", "indent", "separators", "sort_keys"), budget);
            case "length", "count" -> args.none(length(value, budget, line));
            case "default", "d" -> {
                args.of("default_value", "boolean");
                boolean missing = value instanceof Values.Undefined
                        || (Values.truth(args.get(1, "boolean", false)) && !Values.truth(value));
                yield missing ? args.get(0, "default_value", "") : value;
            }
            case "items" -> {
                if (args.none(value) instanceof Values.Undefined) {
                    yield List.of();
                }
                if (!(value instanceof Map<?, ?> map)) {
                    throw new TemplateException(line, "items needs a dict, not " + Values.type(value));
                }
                yield Values.pairs(map, budget, line);
            }
            case "int" -> number(value, args.of("default"), budget);
            case "abs" ->
                args.none(
                        Values.isNumber(value) && Values.asDouble(value) < 0 ? Operators.negative(value, line) : value);
            default -> ofList(value, args, budget);
        };
    }

    private static Object ofList(Object value, Args args, Budget budget) {
        int line = args.line();
        return switch (args.what()) {
            case "list" -> args.none(items(value, args, budget));
            case "first" -> {
                List<Object> items = items(args.none(value), args, budget);
                yield items.isEmpty() ? new Values.Undefined("first item") : items.getFirst();
            }
            case "last" -> {
                List<Object> items = items(args.none(value), args, budget);
                yield items.isEmpty() ? new Values.Undefined("last item") : items.getLast();
            }
            case "reverse" -> {
                if (args.none(value) instanceof String text) {
                    budget.text(text.length(), line);
                    yield new StringBuilder(text).reverse().toString();
                }
                List<Object> items = items(value, args, budget);
                Collections.reverse(items);
                yield items;
            }
            case "sort" -> {
                List<Object> items = items(args.none(value), args, budget);
                // As Jinja does unless told otherwise, without regard to large and small letters
                items.sort((a, b) -> Values.compare(folded(a, budget, line), folded(b, budget, line), budget, line));
                yield items;
            }
            case "dictsort" -> {
                if (!(args.none(value) instanceof Map<?, ?> map)) {
                    throw new TemplateException(line, "dictsort needs a dict, not " + Values.type(value));
                }
                List<Object> pairs = Values.pairs(map, budget, line);
                pairs.sort((a, b) -> Values.compare(
                        folded(((Values.Tuple) a).getFirst(), budget, line),
                        folded(((Values.Tuple) b).getFirst(), budget, line),
                        budget,
                        line));
                yield pairs;
            }
            case "unique" -> {
                List<Object> unique = new ArrayList<>();
                for (Object item : items(args.none(value), args, budget)) {
                    Object folded = folded(item, budget, line);
                    if (unique.stream()
                            .noneMatch(one -> Values.equal(folded(one, budget, line), folded, budget, line))) {
                        unique.add(item);
                    }
                }
                yield unique;
            }
            case "join" -> {
                List<Object> items = items(value, args, budget);
                Object attribute = args.of("d", "attribute").get(1, "attribute", null);
                items.replaceAll(item ->
                        Repr.text(attribute == null ? item : member(item, attribute, budget, line), budget, line));
                yield Methods.join(args.has(0, "d") ? args.text(0, "d") : "", items, budget, args);
            }
            case "map" -> map(Values.truth(value) ? items(value, args, budget) : new ArrayList<>(), args, budget);
            case "select" -> chosen(value, args, budget, false, true);
            case "reject" -> chosen(value, args, budget, false, false);
            case "selectattr" -> chosen(value, args, budget, true, true);
            case "rejectattr" -> chosen(value, args, budget, true, false);
            default -> throw new TemplateException(line, "the filter " + args.what() + " is not supported");
        };
    }

    private static List<Object> items(Object value, Args args, Budget budget) {
        return Values.items(value, budget, args.line());
    }

    /** The text that a filter makes another one of. */
    private static String text(Object value, Budget budget, int line) {
        String text = Repr.text(value, budget, line);
        budget.text(text.length(), line);
        return text;
    }

    private static Object folded(Object value, Budget budget, int line) {
        return value instanceof String ? text(value, budget, line).toLowerCase(Locale.ROOT) : value;
    }

    private static Object length(Object value, Budget budget, int line) {
        return switch (value) {
            case null -> throw new TemplateException(line, "none has no length");
            case String text -> {
                budget.read(text.length(), line);
                yield (long) Text.length(text);
            }
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case Values.Undefined u -> 0L;
            default -> throw new TemplateException(line, Values.type(value) + " has no length");
        };
    }

    private static Object number(Object value, Args args, Budget budget) {
        if (value instanceof Long || value instanceof Boolean) {
            return Values.asLong(value);
        }
        if (value instanceof String text) {
            budget.text(text.length(), args.line());
            String digits = text.strip();
            if (digits.matches("[-+]?[0-9]{1,18}")) {
                return Long.valueOf(digits);
            }
        }
        if (value instanceof Double d) {
            return d.longValue();
        }
        return args.get(0, "default", 0L);
    }

    private static String json(Object value, Args args, Budget budget) {
        if (Values.truth(args.get(0, "ensure_ascii", false))
                || args.get(2, "separators", null) != null
                || Values.truth(args.get(3, "sort_keys", false))) {
            throw new TemplateException(args.line(), "of tojson's arguments only indent is supported");
        }
        int indent = args.get(1, "indent", null) == null ? -1 : args.number(1, "indent", 0);
        return Json.write(value, indent, budget, args.line());
    }

    private static String indent(String text, Args args, Budget budget) {
        Object width = args.get(0, "width", 4L);
        String blanks = width instanceof String s ? s : " ".repeat(Math.clamp(args.number(0, "width", 4), 0, 1000));
        boolean first = Values.truth(args.get(1, "first", false));
        boolean blank = Values.truth(args.get(2, "blank", false));
        Out result = new Out(budget);
        int from = 0;
        for (int i = 0; from <= text.length(); i++) {
            int newline = text.indexOf('\n', from);
            int to = newline < 0 ? text.length() : newline;
            boolean indented = i == 0 ? first : blank || to > from;
            result.append(i == 0 ? "" : "\n", args.line())
                    .append(indented ? blanks : "", args.line())
                    .append(text, from, to, args.line());
            from = to + 1;
        }
        return result.toString();
    }

    private static Object map(List<Object> items, Args args, Budget budget) {
        if (args.named().containsKey("attribute")) {
            Object attribute = args.named().get("attribute");
            Object otherwise = args.named().get("default");
            items.replaceAll(item -> {
                Object member = member(item, attribute, budget, args.line());
                return member instanceof Values.Undefined && args.named().containsKey("default") ? otherwise : member;
            });
        } else {
            Args inner = args.inner(0);
            items.replaceAll(item -> apply(item, inner, budget));
        }
        return items;
    }

    private static Object chosen(Object value, Args args, Budget budget, boolean byAttribute, boolean keep) {
        int first = byAttribute ? 1 : 0;
        Object attribute = byAttribute ? args.get(0, "attribute") : null;
        Args test = args.positional().size() > first ? args.inner(first) : null;
        List<Object> items = Values.truth(value) ? items(value, args, budget) : new ArrayList<>();
        items.removeIf(item -> {
            budget.step(args.line());
            Object tested = byAttribute ? member(item, attribute, budget, args.line()) : item;
            return keep != (test == null ? Values.truth(tested) : Tests.test(tested, test, budget));
        });
        return items;
    }

    /** An attribute, also one of an attribute: {@code a.b}. */
    private static Object member(Object item, Object attribute, Budget budget, int line) {
        budget.step(line);
        if (!(attribute instanceof String path)) {
            return Operators.item(item, attribute, budget, line);
        }
        budget.objects(path.length(), line);
        Object value = item;
        for (String name : path.split("\\.", -1)) {
            value = Operators.item(
                    value, name.matches("[0-9]{1,9}") ? (Object) Long.valueOf(name) : name, budget, line);
        }
        return value;
    }
}
