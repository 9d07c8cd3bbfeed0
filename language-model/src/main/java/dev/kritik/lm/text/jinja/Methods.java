/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Python's methods of strings and dicts. There are no others: nothing here can reach Java's. */
final class Methods {

    private static final Set<String> OF_DICTS = Set.of("items", "keys", "values", "get");
    private static final Set<String> OF_TEXTS = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "startswith",
            "endswith",
            "split",
            "splitlines",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "find",
            "rfind",
            "count",
            "removeprefix",
            "removesuffix",
            "join",
            "format");

    private Methods() {}

    /** Whether {@code base.name} is the method, though the dict may have such a key. */
    static boolean hides(Object base, String name) {
        return base instanceof Map<?, ?> && OF_DICTS.contains(name);
    }

    /** A method of a value; undefined if it has none of that name. */
    static Object of(Object base, String name) {
        boolean known = base instanceof String ? OF_TEXTS.contains(name) : hides(base, name);
        return known ? new Values.Method(base, name) : new Values.Undefined(name);
    }

    static Object call(Object base, Args args, Budget budget) {
        return base instanceof String text ? ofText(text, args, budget) : ofDict((Map<?, ?>) base, args);
    }

    private static Object ofDict(Map<?, ?> map, Args args) {
        return switch (args.what()) {
            case "items" -> Values.pairs(args.none(map));
            case "keys" -> new ArrayList<Object>(args.none(map).keySet());
            case "values" -> new ArrayList<Object>(args.none(map).values());
            case "get" -> {
                Object key = args.of("key", "default").get(0, "key");
                yield map.containsKey(key) ? map.get(key) : args.get(1, "default", null);
            }
            default -> throw unknown(map, args);
        };
    }

    private static Object ofText(String text, Args args, Budget budget) {
        budget.make(text.length(), args.line());
        return switch (args.what()) {
            case "strip" -> Text.strip(text, args.of("chars").textOrNull(0, "chars"), true, true);
            case "lstrip" -> Text.strip(text, args.of("chars").textOrNull(0, "chars"), true, false);
            case "rstrip" -> Text.strip(text, args.of("chars").textOrNull(0, "chars"), false, true);
            case "startswith" ->
                any(args.of("prefix").get(0, "prefix"), args).stream().anyMatch(text::startsWith);
            case "endswith" ->
                any(args.of("suffix").get(0, "suffix"), args).stream().anyMatch(text::endsWith);
            case "split" -> split(text, args.of("sep", "maxsplit"));
            case "splitlines" -> lines(args.none(text));
            case "upper" -> args.none(text).toUpperCase(Locale.ROOT);
            case "lower" -> args.none(text).toLowerCase(Locale.ROOT);
            case "title" -> Text.title(args.none(text));
            case "capitalize" -> capitalize(args.none(text));
            case "replace" -> {
                args.of("old", "new", "count");
                yield replace(
                        text, args.text(0, "old"), args.text(1, "new"), args.number(2, "count", -1), budget, args);
            }
            case "find" -> position(text, text.indexOf(args.of("sub").text(0, "sub")));
            case "rfind" -> position(text, text.lastIndexOf(args.of("sub").text(0, "sub")));
            case "count" -> count(text, args.of("sub").text(0, "sub"));
            case "format" -> format(text, args.unnamed(), args.line());
            case "removeprefix" -> {
                String prefix = args.of("prefix").text(0, "prefix");
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = args.of("suffix").text(0, "suffix");
                yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }
            case "join" -> join(text, Values.items(args.of("items").get(0, "items"), args.line()), budget, args);
            default -> throw unknown(text, args);
        };
    }

    private static List<String> any(Object prefixes, Args args) {
        List<?> all = prefixes instanceof Values.Tuple tuple ? tuple : List.of(prefixes == null ? 0 : prefixes);
        List<String> texts = new ArrayList<>();
        for (Object one : all) {
            if (!(one instanceof String prefix)) {
                throw new TemplateException(args.line(), args.what() + " needs text, or a tuple of texts");
            }
            texts.add(prefix);
        }
        return texts;
    }

    private static List<Object> split(String text, Args args) {
        String separator = args.textOrNull(0, "sep");
        int most = args.number(1, "maxsplit", -1);
        List<Object> parts = new ArrayList<>();
        if (separator == null) {
            String rest = Text.strip(text, null, true, false);
            while (!rest.isEmpty() && (most < 0 || parts.size() < most)) {
                int end = 0;
                while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
                    end++;
                }
                parts.add(rest.substring(0, end));
                rest = Text.strip(rest.substring(end), null, true, false);
            }
            if (!rest.isEmpty()) {
                parts.add(rest);
            }
            return parts;
        }
        if (separator.isEmpty()) {
            throw new TemplateException(args.line(), "the separator of split is empty");
        }
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && (most < 0 || parts.size() < most)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> lines(String text) {
        // Python ends lines at these; \r\n is one end
        String[] lines = text.split("\r\n|[\n\r\\x0B\\x0C\\x1C-\\x1E\\x85\\u2028\\u2029]", -1);
        List<Object> result = new ArrayList<>(List.of((Object[]) lines));
        if (result.getLast().equals("")) {
            result.removeLast();
        }
        return result;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return Character.toString(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String replace(String text, String old, String with, int count, Budget budget, Args args) {
        if (old.isEmpty()) {
            throw new TemplateException(args.line(), "replacing empty text is not supported");
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        int at = text.indexOf(old);
        for (int done = 0; at >= 0 && done != count; done++) {
            budget.limit((long) result.length() + at - from + with.length(), args.line());
            result.append(text, from, at).append(with);
            from = at + old.length();
            at = text.indexOf(old, from);
        }
        budget.make((long) result.length() + text.length(), args.line());
        return result.append(text, from, text.length()).toString();
    }

    private static Object position(String text, int at) {
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static Object count(String text, String part) {
        if (part.isEmpty()) {
            return (long) Text.length(text) + 1;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    static String join(String separator, List<Object> items, Budget budget, Args args) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof String text)) {
                throw new TemplateException(args.line(), "join needs texts, not " + Values.type(items.get(i)));
            }
            budget.limit((long) result.length() + separator.length() + text.length(), args.line());
            result.append(i == 0 ? "" : separator).append(text);
        }
        budget.make(result.length(), args.line());
        return result.toString();
    }

    /** Python's {@code str.format} with nothing but empty braces. */
    private static String format(String text, List<Object> values, int line) {
        StringBuilder result = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("{}", i) && used < values.size()) {
                result.append(Values.text(values.get(used++), line));
                i++;
            } else if (c == '{' || c == '}') {
                throw new TemplateException(line, "format needs a value for each {}, and supports no other braces");
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private static TemplateException unknown(Object base, Args args) {
        return new TemplateException(
                args.line(), "the method " + args.what() + " of " + Values.type(base) + " is not supported");
    }
}
