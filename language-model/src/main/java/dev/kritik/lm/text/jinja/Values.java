/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
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

    @SuppressWarnings("ReferenceEquality") // of namespaces and functions: in Python they are equal to themselves only
    static boolean equal(Object left, Object right, Budget budget, int line) {
        budget.enter(line);
        budget.step(line);
        boolean equal;
        if (isNumber(left) && isNumber(right)) {
            equal = (left instanceof Double || right instanceof Double)
                    ? asDouble(left) == asDouble(right)
                    : asLong(left) == asLong(right);
        } else if (left instanceof String one && right instanceof String other) {
            budget.read(one.length(), line);
            equal = one.equals(other);
        } else if (left instanceof List<?> one && right instanceof List<?> other) {
            equal = one instanceof Tuple == other instanceof Tuple && equalItems(one, other, budget, line);
        } else if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            equal = equalEntries(one, other, budget, line);
        } else {
            equal = left == right || (left instanceof Undefined && right instanceof Undefined);
        }
        budget.leave();
        return equal;
    }

    private static boolean equalItems(List<?> one, List<?> other, Budget budget, int line) {
        boolean equal = one.size() == other.size();
        for (int i = 0; equal && i < one.size(); i++) {
            equal = equal(one.get(i), other.get(i), budget, line);
        }
        return equal;
    }

    private static boolean equalEntries(Map<?, ?> one, Map<?, ?> other, Budget budget, int line) {
        return one.size() == other.size()
                && one.entrySet().stream()
                        .allMatch(entry -> hasKey(other, entry.getKey(), budget, line)
                                && equal(entry.getValue(), other.get(entry.getKey()), budget, line));
    }

    /** Whether a dict has a key. Only texts and numbers are keys: hashing others would look at all that is in them. */
    static boolean hasKey(Map<?, ?> map, Object key, Budget budget, int line) {
        if (key instanceof String text) {
            budget.read(text.length(), line);
            return map.containsKey(text);
        }
        return key instanceof Long && map.containsKey(key);
    }

    /** Negative, zero or positive, as {@link Comparable}. */
    static int compare(Object left, Object right, Budget budget, int line) {
        budget.step(line);
        if (isNumber(left) && isNumber(right)) {
            return (left instanceof Double || right instanceof Double)
                    ? Double.compare(asDouble(left), asDouble(right))
                    : Long.compare(asLong(left), asLong(right));
        }
        if (left instanceof String one && right instanceof String other) {
            budget.read(Math.min(one.length(), other.length()), line);
            return Text.compare(one, other);
        }
        throw new TemplateException(line, type(left) + " and " + type(right) + " have no order");
    }

    static boolean contains(Object container, Object item, Budget budget, int line) {
        if (container instanceof String text && item instanceof String part) {
            budget.read(text.length(), line);
            return new Search(part, budget, line).first(text, 0) >= 0;
        }
        if (container instanceof List<?> list) {
            return list.stream().anyMatch(one -> equal(one, item, budget, line));
        }
        if (container instanceof Map<?, ?> map) {
            return hasKey(map, item, budget, line);
        }
        if (container instanceof Undefined) {
            return false;
        }
        throw new TemplateException(line, "in needs text in text, or a list or dict, not " + type(container));
    }

    /** Items of a list, keys of a dict, characters of a string. */
    static List<Object> items(Object value, Budget budget, int line) {
        return switch (value) {
            case null -> throw new TemplateException(line, "none has no items");
            case List<?> list -> {
                budget.list(list.size(), line);
                yield new ArrayList<>(list);
            }
            case Map<?, ?> map -> {
                budget.list(map.size(), line);
                yield new ArrayList<>(map.keySet());
            }
            case String s -> {
                budget.objects(s.length(), line);
                List<Object> characters = new ArrayList<>();
                s.codePoints().forEach(c -> characters.add(Character.toString(c)));
                yield characters;
            }
            case Undefined u -> new ArrayList<>();
            default -> throw new TemplateException(line, type(value) + " has no items");
        };
    }

    static List<Object> pairs(Map<?, ?> map, Budget budget, int line) {
        budget.objects(2L * map.size(), line);
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
