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
        return base instanceof String text ? ofText(text, args, budget) : ofDict((Map<?, ?>) base, args, budget);
    }

    private static Object ofDict(Map<?, ?> map, Args args, Budget budget) {
        int line = args.line();
        return switch (args.what()) {
            case "items" -> Values.pairs(args.none(map), budget, line);
            case "keys" -> Values.items(args.none(map), budget, line);
            case "values" -> {
                budget.list(map.size(), line);
                yield new ArrayList<Object>(args.none(map).values());
            }
            case "get" -> {
                Object key = args.of("key", "default").get(0, "key");
                yield Values.hasKey(map, key, budget, line) ? map.get(key) : args.get(1, "default", null);
            }
            default -> throw unknown(map, args);
        };
    }

    private static Object ofText(String text, Args args, Budget budget) {
        int line = args.line();
        budget.text(text.length(), line);
        return switch (args.what()) {
            case "strip" -> strip(text, args, true, true, budget);
            case "lstrip" -> strip(text, args, true, false, budget);
            case "rstrip" -> strip(text, args, false, true, budget);
            case "startswith" ->
                any(args.of("prefix").get(0, "prefix"), args, budget).stream().anyMatch(text::startsWith);
            case "endswith" ->
                any(args.of("suffix").get(0, "suffix"), args, budget).stream().anyMatch(text::endsWith);
            case "split" -> split(text, args.of("sep", "maxsplit"), budget);
            case "splitlines" -> lines(args.none(text), budget, line);
            case "upper" -> args.none(text).toUpperCase(Locale.ROOT);
            case "lower" -> args.none(text).toLowerCase(Locale.ROOT);
            case "title" -> Text.title(args.none(text));
            case "capitalize" -> capitalize(args.none(text));
            case "replace" -> {
                args.of("old", "new", "count");
                yield replace(
                        text, args.text(0, "old"), args.text(1, "new"), args.number(2, "count", -1), budget, args);
            }
            case "find" -> position(text, search(args, "sub", budget).first(text, 0));
            case "rfind" -> position(text, search(args, "sub", budget).last(text));
            case "count" -> count(text, args.of("sub").text(0, "sub"), budget, line);
            case "format" -> format(text, args.unnamed(), budget, line);
            case "removeprefix" -> {
                String prefix = args.of("prefix").text(0, "prefix");
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = args.of("suffix").text(0, "suffix");
                yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }
            case "join" -> join(text, Values.items(args.of("items").get(0, "items"), budget, line), budget, args);
            default -> throw unknown(text, args);
        };
    }

    static String strip(String text, Args args, boolean begin, boolean end, Budget budget) {
        String chars = args.of("chars").textOrNull(0, "chars");
        budget.read(chars == null ? 0 : chars.length(), args.line());
        return Text.strip(text, chars, begin, end);
    }

    private static Search search(Args args, String name, Budget budget) {
        return new Search(args.of(name).text(0, name), budget, args.line());
    }

    private static List<String> any(Object prefixes, Args args, Budget budget) {
        List<?> all = prefixes instanceof Values.Tuple tuple ? tuple : List.of(prefixes == null ? 0 : prefixes);
        List<String> texts = new ArrayList<>();
        for (Object one : all) {
            if (!(one instanceof String prefix)) {
                throw new TemplateException(args.line(), args.what() + " needs text, or a tuple of texts");
            }
            budget.step(args.line());
            budget.read(prefix.length(), args.line());
            texts.add(prefix);
        }
        return texts;
    }

    private static List<Object> split(String text, Args args, Budget budget) {
        String separator = args.textOrNull(0, "sep");
        int most = args.number(1, "maxsplit", -1);
        if (separator == null) {
            return words(text, most, budget, args.line());
        }
        if (separator.isEmpty()) {
            throw new TemplateException(args.line(), "the separator of split is empty");
        }
        Search search = new Search(separator, budget, args.line());
        List<Object> parts = new ArrayList<>();
        int from = 0;
        int at = search.first(text, 0);
        while (at >= 0 && (most < 0 || parts.size() < most)) {
            parts.add(part(text, from, at, budget, args.line()));
            from = at + separator.length();
            at = search.first(text, from);
        }
        parts.add(part(text, from, text.length(), budget, args.line()));
        return parts;
    }

    /** What white space separates; behind the last cut, all that follows. */
    private static List<Object> words(String text, int most, Budget budget, int line) {
        List<Object> words = new ArrayList<>();
        int at = skip(text, 0, true);
        while (at < text.length()) {
            int end = most >= 0 && words.size() >= most ? text.length() : skip(text, at, false);
            words.add(part(text, at, end, budget, line));
            at = skip(text, end, true);
        }
        return words;
    }

    /** Where what is white space, or is not, ends. */
    private static int skip(String text, int from, boolean space) {
        int at = from;
        while (at < text.length() && Text.isSpace(text.charAt(at)) == space) {
            at++;
        }
        return at;
    }

    private static String part(String text, int from, int to, Budget budget, int line) {
        budget.text((long) to - from, line);
        return text.substring(from, to);
    }

    private static List<Object> lines(String text, Budget budget, int line) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if (Text.endsLine(text.charAt(at))) {
                lines.add(part(text, from, at, budget, line));
                at += text.startsWith("\r\n", at) ? 1 : 0;
                from = at + 1;
            }
        }
        if (from < text.length()) {
            lines.add(part(text, from, text.length(), budget, line));
        }
        return lines;
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
        Search search = new Search(old, budget, args.line());
        Out result = new Out(budget);
        int from = 0;
        int at = search.first(text, 0);
        for (int done = 0; at >= 0 && done != count; done++) {
            result.append(text, from, at, args.line()).append(with, args.line());
            from = at + old.length();
            at = search.first(text, from);
        }
        return result.append(text, from, text.length(), args.line()).toString();
    }

    private static Object position(String text, int at) {
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static Object count(String text, String part, Budget budget, int line) {
        if (part.isEmpty()) {
            return (long) Text.length(text) + 1;
        }
        Search search = new Search(part, budget, line);
        long count = 0;
        for (int at = search.first(text, 0); at >= 0; at = search.first(text, at + part.length())) {
            count++;
        }
        return count;
    }

    static String join(String separator, List<Object> items, Budget budget, Args args) {
        Out result = new Out(budget);
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof String text)) {
                throw new TemplateException(args.line(), "join needs texts, not " + Values.type(items.get(i)));
            }
            result.append(i == 0 ? "" : separator, args.line()).append(text, args.line());
        }
        return result.toString();
    }

    /** Python's {@code str.format} with nothing but empty braces. */
    private static String format(String text, List<Object> values, Budget budget, int line) {
        Out result = new Out(budget);
        int used = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("{}", i) && used < values.size()) {
                result.append(Repr.text(values.get(used++), budget, line), line);
                i++;
            } else if (c == '{' || c == '}') {
                throw new TemplateException(line, "format needs a value for each {}, and supports no other braces");
            } else {
                result.append(c, line);
            }
        }
        return result.toString();
    }

    private static TemplateException unknown(Object base, Args args) {
        return new TemplateException(
                args.line(), "the method " + args.what() + " of " + Values.type(base) + " is not supported");
    }
}
