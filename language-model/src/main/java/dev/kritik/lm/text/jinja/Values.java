/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What expressions work with, as Python sees it. None is null; whole numbers are {@link Long}, others {@link Double};
 * dicts are maps, lists are lists, neither is ever changed.
 */
final class Values {

    private Values() {}

    /** A variable, key or attribute that there is not. */
    record Undefined(String what) {}

    /** A list that prints with round brackets. */
    static final class Tuple extends AbstractList<Object> {
        private final List<Object> items;

        Tuple(List<Object> items) {
            this.items = items;
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** What {@code namespace()} makes: the one thing that templates can change. */
    record Namespace(Map<String, Object> values) {}

    /** What {@code macro} makes; called by the interpreter. */
    record Function(Stmt.Macro macro, Scope home) {}

    /** What {@code loop} stands for inside of a loop. */
    record Loop(List<Object> items, int index) {

        Object get(String name) {
            int last = items.size() - 1;
            return switch (name) {
                case "index" -> index + 1L;
                case "index0" -> (long) index;
                case "revindex" -> last - index + 1L;
                case "revindex0" -> (long) last - index;
                case "first" -> index == 0;
                case "last" -> index == last;
                case "length" -> last + 1L;
                case "depth" -> 1L;
                case "depth0" -> 0L;
                case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("loop.previtem");
                case "nextitem" -> index < last ? items.get(index + 1) : new Undefined("loop.nextitem");
                default -> new Undefined("loop." + name);
            };
        }
    }

    /** A method that was not called yet. */
    record Method(Object base, String name) {}

    /** A name that the interpreter itself stands for, such as {@code range}. */
    record Builtin(String name) {}

    static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean b -> b;
            case Long n -> n != 0;
            case Double d -> d != 0;
            case String s -> !s.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Undefined u -> false;
            default -> true;
        };
    }

    /** What is printed. */
    static String text(Object value, int line) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : repr(value, line);
    }

    private static String repr(Object value, int line) {
        return switch (value) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case Long n -> n.toString();
            case Double d -> number(d, line);
            case String s -> quoted(s);
            case List<?> list -> {
                boolean tuple = list instanceof Tuple;
                StringBuilder result = new StringBuilder(tuple ? "(" : "[");
                for (int i = 0; i < list.size(); i++) {
                    result.append(i == 0 ? "" : ", ").append(repr(list.get(i), line));
                }
                yield result.append(tuple && list.size() == 1 ? "," : "")
                        .append(tuple ? ")" : "]")
                        .toString();
            }
            case Map<?, ?> map -> {
                StringBuilder result = new StringBuilder("{");
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    result.append(repr(entry.getKey(), line)).append(": ").append(repr(entry.getValue(), line));
                    result.append(entries.hasNext() ? ", " : "");
                }
                yield result.append("}").toString();
            }
            default -> throw new TemplateException(line, type(value) + " can't be printed");
        };
    }

    /** A float as Python writes it, in the range where Java does the same. */
    static String number(double d, int line) {
        double size = Math.abs(d);
        if (size != 0 && !(size >= 1e-3 && size < 1e7)) {
            throw new TemplateException(line, "a float that large or small is not supported");
        }
        return Double.toString(d);
    }

    private static String quoted(String s) {
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder result = new StringBuilder().append(quote);
        s.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (c == quote) {
                        result.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7F) {
                        result.append("\\x%02x".formatted(c));
                    } else {
                        result.appendCodePoint(c);
                    }
                }
            }
        });
        return result.append(quote).toString();
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return (left instanceof Double || right instanceof Double)
                    ? asDouble(left) == asDouble(right)
                    : asLong(left) == asLong(right);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            if (one.size() != other.size() || one instanceof Tuple != other instanceof Tuple) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!equal(one.get(i), other.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return one.size() == other.size()
                    && one.entrySet().stream()
                            .allMatch(entry -> other.containsKey(entry.getKey())
                                    && equal(entry.getValue(), other.get(entry.getKey())));
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        return left == null ? right == null : left.equals(right);
    }

    /** Negative, zero or positive, as {@link Comparable}. */
    static int compare(Object left, Object right, int line) {
        if (isNumber(left) && isNumber(right)) {
            return (left instanceof Double || right instanceof Double)
                    ? Double.compare(asDouble(left), asDouble(right))
                    : Long.compare(asLong(left), asLong(right));
        }
        if (left instanceof String one && right instanceof String other) {
            // By code points, not by Java's chars
            int[] first = one.codePoints().toArray();
            int[] second = other.codePoints().toArray();
            return Arrays.compare(first, second);
        }
        throw new TemplateException(line, type(left) + " and " + type(right) + " have no order");
    }

    static boolean contains(Object container, Object item, int line) {
        if (container instanceof String text && item instanceof String part) {
            return text.contains(part);
        }
        if (container instanceof List<?> list) {
            return list.stream().anyMatch(one -> equal(one, item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        }
        if (container instanceof Undefined) {
            return false;
        }
        throw new TemplateException(line, "in needs text in text, or a list or dict, not " + type(container));
    }

    /** Items of a list, keys of a dict, characters of a string. */
    static List<Object> items(Object value, int line) {
        return switch (value) {
            case null -> throw new TemplateException(line, "none has no items");
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String s ->
                s.codePoints().<Object>mapToObj(Character::toString).toList();
            case Undefined u -> List.of();
            default -> throw new TemplateException(line, type(value) + " has no items");
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(new Tuple(Arrays.asList(key, value))));
        return pairs;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static long asLong(Object value) {
        return value instanceof Boolean b ? (b ? 1 : 0) : (Long) value;
    }

    static double asDouble(Object value) {
        return value instanceof Double d ? d : asLong(value);
    }

    static String type(Object value) {
        return switch (value) {
            case null -> "none";
            case Undefined u -> u.what() + " (undefined)";
            case Boolean b -> "a boolean";
            case Long n -> "a number";
            case Double d -> "a number";
            case String s -> "text";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a dict";
            case Namespace namespace -> "a namespace";
            default -> "a function";
        };
    }

    /** Values from outside, made to what expressions work with. */
    static Object of(Object value) {
        return switch (value) {
            case null -> null;
            case String s -> s;
            case Boolean b -> b;
            case Integer i -> i.longValue();
            case Long n -> n;
            case Double d -> d;
            case List<?> list -> list.stream().map(Values::of).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> result = new LinkedHashMap<>();
                map.forEach((key, one) -> result.put(key, of(one)));
                yield result;
            }
            default ->
                throw new IllegalArgumentException(
                        "a template can't use a value of " + value.getClass().getName());
        };
    }
}
