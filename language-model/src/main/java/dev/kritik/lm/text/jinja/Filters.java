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
        int line = args.line();
        return switch (args.what()) {
            case "trim" ->
                Text.strip(
                        made(Values.text(value, line), budget, line),
                        args.of("chars").textOrNull(0, "chars"),
                        true,
                        true);
            case "upper" -> made(Values.text(value, line), budget, line).toUpperCase(Locale.ROOT);
            case "lower" -> made(Values.text(value, line), budget, line).toLowerCase(Locale.ROOT);
            case "title" -> Text.titleFilter(made(Values.text(value, line), budget, line));
            case "capitalize" -> Methods.capitalize(made(Values.text(value, line), budget, line));
            case "string" -> args.none(made(Values.text(value, line), budget, line));
            case "safe" -> args.none(value);
            case "replace" -> {
                args.of("old", "new", "count");
                yield Methods.replace(
                        made(Values.text(value, line), budget, line),
                        args.text(0, "old"),
                        args.text(1, "new"),
                        args.number(2, "count", -1),
                        budget,
                        args);
            }
            case "format" -> Operators.format(Values.text(value, line), args.unnamed(), line);
            case "indent" -> indent(Values.text(value, line), args.of("width", "first", "blank"), budget);
            case "tojson" -> json(value, args.of("ensure_ascii", "indent", "separators", "sort_keys"), budget);
            case "length", "count" -> args.none(length(value, line));
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
                yield Values.pairs(map);
            }
            case "int" -> number(value, args.of("default"));
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
                    yield new StringBuilder(text).reverse().toString();
                }
                List<Object> items = items(value, args, budget);
                Collections.reverse(items);
                yield items;
            }
            case "sort" -> {
                List<Object> items = items(args.none(value), args, budget);
                // As Jinja does unless told otherwise, without regard to large and small letters
                items.sort((a, b) -> Values.compare(folded(a), folded(b), line));
                yield items;
            }
            case "dictsort" -> {
                if (!(args.none(value) instanceof Map<?, ?> map)) {
                    throw new TemplateException(line, "dictsort needs a dict, not " + Values.type(value));
                }
                List<Object> pairs = Values.pairs(map);
                pairs.sort((a, b) -> Values.compare(
                        folded(((Values.Tuple) a).getFirst()), folded(((Values.Tuple) b).getFirst()), line));
                yield pairs;
            }
            case "unique" -> {
                List<Object> unique = new ArrayList<>();
                for (Object item : items(args.none(value), args, budget)) {
                    budget.make(unique.size(), line);
                    if (unique.stream().noneMatch(one -> Values.equal(folded(one), folded(item)))) {
                        unique.add(item);
                    }
                }
                yield unique;
            }
            case "join" -> {
                List<Object> items = items(value, args, budget);
                Object attribute = args.of("d", "attribute").get(1, "attribute", null);
                items.replaceAll(item -> Values.text(attribute == null ? item : member(item, attribute, line), line));
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
        List<Object> items = Values.items(value, args.line());
        budget.make(items.size(), args.line());
        return new ArrayList<>(items);
    }

    private static String made(String text, Budget budget, int line) {
        budget.make(text.length(), line);
        return text;
    }

    private static Object folded(Object value) {
        return value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object length(Object value, int line) {
        return switch (value) {
            case null -> throw new TemplateException(line, "none has no length");
            case String text -> (long) Text.length(text);
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case Values.Undefined u -> 0L;
            default -> throw new TemplateException(line, Values.type(value) + " has no length");
        };
    }

    private static Object number(Object value, Args args) {
        if (value instanceof Long || value instanceof Boolean) {
            return Values.asLong(value);
        }
        if (value instanceof String text && text.strip().matches("[-+]?[0-9]{1,18}")) {
            return Long.valueOf(text.strip());
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
        String json = Json.write(value, indent, args.line());
        budget.make(json.length(), args.line());
        return json;
    }

    private static String indent(String text, Args args, Budget budget) {
        Object width = args.get(0, "width", 4L);
        String blanks = width instanceof String s ? s : " ".repeat(Math.clamp(args.number(0, "width", 4), 0, 1000));
        boolean first = Values.truth(args.get(1, "first", false));
        boolean blank = Values.truth(args.get(2, "blank", false));
        StringBuilder result = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            budget.limit((long) result.length() + blanks.length() + lines[i].length(), args.line());
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            result.append(i == 0 ? "" : "\n").append(indented ? blanks : "").append(lines[i]);
        }
        budget.make(result.length(), args.line());
        return result.toString();
    }

    private static Object map(List<Object> items, Args args, Budget budget) {
        if (args.named().containsKey("attribute")) {
            Object attribute = args.named().get("attribute");
            Object otherwise = args.named().get("default");
            items.replaceAll(item -> {
                Object member = member(item, attribute, args.line());
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
            Object tested = byAttribute ? member(item, attribute, args.line()) : item;
            return keep != (test == null ? Values.truth(tested) : Tests.test(tested, test));
        });
        return items;
    }

    /** An attribute, also one of an attribute: {@code a.b}. */
    private static Object member(Object item, Object attribute, int line) {
        if (!(attribute instanceof String path)) {
            return Operators.item(item, attribute, line);
        }
        Object value = item;
        for (String name : path.split("\\.", -1)) {
            value = Operators.item(value, name.matches("[0-9]{1,9}") ? (Object) Long.valueOf(name) : name, line);
        }
        return value;
    }
}
