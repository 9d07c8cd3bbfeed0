/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's arithmetic, subscripts and slices. */
final class Operators {

    private Operators() {}

    static Object binary(String operator, Object left, Object right, Budget budget, int line) {
        if (operator.equals("~")) {
            String first = Repr.text(left, budget, line);
            String second = Repr.text(right, budget, line);
            budget.text((long) first.length() + second.length(), line);
            return first + second;
        }
        if (operator.equals("+") && left instanceof String first && right instanceof String second) {
            budget.text((long) first.length() + second.length(), line);
            return first + second;
        }
        if (operator.equals("+")
                && left instanceof List<?> first
                && right instanceof List<?> second
                && first instanceof Values.Tuple == second instanceof Values.Tuple) {
            budget.list((long) first.size() + second.size(), line);
            List<Object> both = new ArrayList<>(first);
            both.addAll(second);
            return first instanceof Values.Tuple ? new Values.Tuple(both) : both;
        }
        if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
            return repeat(text, times, budget, line);
        }
        if (operator.equals("*") && right instanceof String text && left instanceof Long times) {
            return repeat(text, times, budget, line);
        }
        if (operator.equals("%") && left instanceof String format) {
            return format(format, right instanceof Values.Tuple tuple ? tuple : single(right), budget, line);
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw new TemplateException(
                    line, operator + " does not work with " + Values.type(left) + " and " + Values.type(right));
        }
        try {
            return (left instanceof Double || right instanceof Double || operator.equals("/"))
                    ? (Object) floats(operator, Values.asDouble(left), Values.asDouble(right), line)
                    : (Object) integers(operator, Values.asLong(left), Values.asLong(right), line);
        } catch (ArithmeticException e) {
            throw new TemplateException(line, operator + ": " + e.getMessage());
        }
    }

    private static List<Object> single(Object value) {
        List<Object> list = new ArrayList<>();
        list.add(value);
        return list;
    }

    private static String repeat(String text, long times, Budget budget, int line) {
        if (times <= 0) {
            return "";
        }
        budget.limit(times, line);
        budget.text(times * text.length(), line);
        return text.repeat((int) times);
    }

    private static long integers(String operator, long left, long right, int line) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> power(left, right, line);
        };
    }

    private static long power(long base, long exponent, int line) {
        if (exponent < 0 || exponent > 64) {
            throw new TemplateException(line, "** with an exponent of " + exponent + " is not supported");
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double floats(String operator, double left, double right, int line) {
        if (right == 0 && "//%".contains(operator)) {
            throw new TemplateException(line, "division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            default -> throw new TemplateException(line, operator + " with floats is not supported");
        };
    }

    static Object negative(Object value, int line) {
        if (!Values.isNumber(value)) {
            throw new TemplateException(line, "- does not work with " + Values.type(value));
        }
        return value instanceof Double d ? (Object) (-d) : (Object) (-Values.asLong(value));
    }

    /** Python's {@code format % values}, for %s, %d and %%. */
    static String format(String format, List<?> values, Budget budget, int line) {
        budget.read(format.length(), line);
        Out result = new Out(budget);
        int used = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                result.append(c, line);
                continue;
            }
            char kind = ++i < format.length() ? format.charAt(i) : ' ';
            if (kind == '%') {
                result.append(kind, line);
            } else if ((kind != 's' && kind != 'd') || used >= values.size()) {
                throw new TemplateException(line, "a format may hold s and d behind a percent sign, each with a value");
            } else {
                Object value = values.get(used++);
                if (kind == 'd' && !(value instanceof Long)) {
                    throw new TemplateException(line, "the format d needs a whole number, not " + Values.type(value));
                }
                result.append(Repr.text(value, budget, line), line);
            }
        }
        if (used < values.size()) {
            throw new TemplateException(line, "a format has more values than places");
        }
        return result.toString();
    }

    /** {@code base[key]}; undefined where there is no such thing. */
    static Object item(Object base, Object key, Budget budget, int line) {
        if (base instanceof Values.Undefined u) {
            throw undefined(u, key instanceof String || key instanceof Long ? key : Values.type(key), line);
        }
        if (base instanceof Map<?, ?> map && Values.hasKey(map, key, budget, line)) {
            return map.get(key);
        }
        if (key instanceof String name) {
            return attribute(base, name);
        }
        if (key instanceof Long index && base instanceof List<?> list) {
            long at = index < 0 ? index + list.size() : index;
            return at >= 0 && at < list.size() ? list.get((int) at) : new Values.Undefined("item " + index);
        }
        if (key instanceof Long index && base instanceof String text) {
            budget.read(text.length(), line);
            int length = Text.length(text);
            long at = index < 0 ? index + length : index;
            return at >= 0 && at < length
                    ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
                    : new Values.Undefined("item " + index);
        }
        return new Values.Undefined("item " + (key instanceof Long ? key : Values.type(key)));
    }

    /** {@code base.name}. */
    static Object attribute(Object base, String name, int line) {
        if (base instanceof Values.Undefined u) {
            throw undefined(u, name, line);
        }
        if (base instanceof Map<?, ?> map && map.containsKey(name) && !Methods.hides(base, name)) {
            return map.get(name);
        }
        return attribute(base, name);
    }

    private static Object attribute(Object base, String name) {
        if (base instanceof Values.Namespace namespace && namespace.values().containsKey(name)) {
            return namespace.values().get(name);
        }
        return base instanceof Values.Loop loop ? loop.get(name) : Methods.of(base, name);
    }

    private static TemplateException undefined(Values.Undefined base, Object key, int line) {
        return new TemplateException(line, base.what() + " is undefined, and so has no " + key);
    }

    static Object slice(Object base, Object from, Object to, Object step, Budget budget, int line) {
        long by = step == null ? 1 : bound(step, line);
        if (by == 0) {
            throw new TemplateException(line, "the step of a slice is 0");
        }
        if (base instanceof String text) {
            budget.text(text.length(), line);
            int[] points = text.codePoints().toArray();
            StringBuilder result = new StringBuilder();
            for (int at : indices(points.length, from, to, by, budget, line)) {
                result.appendCodePoint(points[at]);
            }
            return result.toString();
        }
        if (base instanceof List<?> list) {
            List<Object> result = new ArrayList<>();
            for (int at : indices(list.size(), from, to, by, budget, line)) {
                result.add(list.get(at));
            }
            return list instanceof Values.Tuple ? new Values.Tuple(result) : result;
        }
        if (base instanceof Values.Undefined u) {
            throw undefined(u, "slice", line);
        }
        return new Values.Undefined("a slice of " + Values.type(base));
    }

    private static int[] indices(int length, Object from, Object to, long by, Budget budget, int line) {
        budget.list(length, line);
        long low = by > 0 ? 0 : -1;
        long high = by > 0 ? length : length - 1;
        long start = from == null ? (by > 0 ? low : high) : clamp(bound(from, line), length, low, high);
        long end = to == null ? (by > 0 ? high : low) : clamp(bound(to, line), length, low, high);
        long count = by > 0 ? (end - start + by - 1) / by : (start - end - by - 1) / -by;
        int[] indices = new int[(int) Math.max(0, count)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) (start + i * by);
        }
        return indices;
    }

    private static long clamp(long index, int length, long low, long high) {
        return Math.clamp(index < 0 ? index + length : index, low, high);
    }

    private static long bound(Object value, int line) {
        if (value instanceof Long n && Math.abs(n) <= Integer.MAX_VALUE) {
            return n;
        }
        throw new TemplateException(line, "a slice needs whole numbers, not " + Values.type(value));
    }
}
