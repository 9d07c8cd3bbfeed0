/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/** Jinja's tests: what stands behind {@code is}. */
final class Tests {

    private Tests() {}

    static boolean test(Object value, Args args, Budget budget) {
        int line = args.line();
        return switch (args.what()) {
            case "defined" -> !(args.none(value) instanceof Values.Undefined);
            case "undefined" -> args.none(value) instanceof Values.Undefined;
            case "none" -> args.none(value) == null;
            case "true" -> Boolean.TRUE.equals(args.none(value));
            case "false" -> Boolean.FALSE.equals(args.none(value));
            case "boolean" -> args.none(value) instanceof Boolean;
            case "string" -> args.none(value) instanceof String;
            case "number" -> Values.isNumber(args.none(value));
            case "integer" -> args.none(value) instanceof Long;
            case "float" -> args.none(value) instanceof Double;
            case "mapping" -> args.none(value) instanceof Map<?, ?>;
            case "iterable", "sequence" ->
                args.none(value) instanceof String
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Values.Undefined;
            case "callable" ->
                args.none(value) instanceof Values.Function
                        || value instanceof Values.Method
                        || value instanceof Values.Builtin;
            case "eq", "equalto", "==" -> Values.equal(value, args.of("other").get(0, "other"), budget, line);
            case "ne", "!=" -> !Values.equal(value, args.of("other").get(0, "other"), budget, line);
            case "lt", "lessthan", "<" -> Values.compare(value, args.of("other").get(0, "other"), budget, line) < 0;
            case "le", "<=" -> Values.compare(value, args.of("other").get(0, "other"), budget, line) <= 0;
            case "gt", "greaterthan", ">" ->
                Values.compare(value, args.of("other").get(0, "other"), budget, line) > 0;
            case "ge", ">=" -> Values.compare(value, args.of("other").get(0, "other"), budget, line) >= 0;
            case "in" -> Values.contains(args.of("seq").get(0, "seq"), value, budget, line);
            case "odd" -> Math.floorMod(whole(value, args.of()), 2) == 1;
            case "even" -> Math.floorMod(whole(value, args.of()), 2) == 0;
            case "divisibleby" -> {
                long by = whole(args.of("num").get(0, "num"), args);
                if (by == 0) {
                    throw new TemplateException(line, "division by zero");
                }
                yield whole(value, args) % by == 0;
            }
            default -> throw new TemplateException(line, "the test " + args.what() + " is not supported");
        };
    }

    private static long whole(Object value, Args args) {
        if (value instanceof Long n) {
            return n;
        }
        throw new TemplateException(args.line(), args.what() + " needs a whole number, not " + Values.type(value));
    }
}
