/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Functions that every template may call. */
final class Builtins {

    static final Set<String> NAMES = Set.of("namespace", "range", "dict", "raise_exception", "strftime_now");

    private Builtins() {}

    static Object call(Args args, LocalDateTime now, Budget budget) {
        return switch (args.what()) {
            case "namespace" -> new Values.Namespace(dict(args, budget));
            case "dict" -> dict(args, budget);
            case "range" -> range(args, budget);
            case "raise_exception" ->
                throw TemplateException.refusal(
                        args.line(), Repr.text(args.of("message").get(0, "message"), budget, args.line()));
            default -> time(args.of("format").text(0, "format"), now, budget, args.line());
        };
    }

    private static Map<String, Object> dict(Args args, Budget budget) {
        budget.objects(1L + args.named().size(), args.line());
        Map<String, Object> values = new LinkedHashMap<>();
        if (!args.positional().isEmpty()) {
            if (!(args.positional().getFirst() instanceof Map<?, ?> map)
                    || args.positional().size() > 1) {
                throw new TemplateException(args.line(), args.what() + " takes a dict, and named arguments");
            }
            budget.objects(map.size(), args.line());
            map.forEach((key, value) -> values.put(Repr.text(key, budget, args.line()), value));
        }
        values.putAll(args.named());
        return values;
    }

    private static List<Object> range(Args args, Budget budget) {
        boolean one = args.of("start", "stop", "step").positional().size() == 1;
        long start = one ? 0 : args.number(0, "start", 0);
        long stop = args.number(one ? 0 : 1, "stop", 0);
        long step = args.number(2, "step", 1);
        if (step == 0) {
            throw new TemplateException(args.line(), "the step of a range is 0");
        }
        budget.objects(Math.max(0, (stop - start) / step + 1), args.line());
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            numbers.add(i);
        }
        return numbers;
    }

    /** Python's {@code strftime} with English names. */
    private static String time(String format, LocalDateTime now, Budget budget, int line) {
        budget.objects(format.length(), line);
        Out result = new Out(budget);
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                result.append(c, line);
                continue;
            }
            char field = ++i < format.length() ? format.charAt(i) : ' ';
            String pattern = switch (field) {
                case 'Y' -> "yyyy";
                case 'y' -> "yy";
                case 'm' -> "MM";
                case 'd' -> "dd";
                case 'B' -> "MMMM";
                case 'b' -> "MMM";
                case 'A' -> "EEEE";
                case 'a' -> "EEE";
                case 'H' -> "HH";
                case 'I' -> "hh";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'p' -> "a";
                case 'j' -> "DDD";
                case 'F' -> "yyyy-MM-dd";
                case 'T' -> "HH:mm:ss";
                case '%' -> "'%'";
                default -> throw new TemplateException(line, "strftime_now does not support %" + field);
            };
            result.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(now), line);
        }
        return result.toString();
    }
}
