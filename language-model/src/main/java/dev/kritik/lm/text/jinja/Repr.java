/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/** Writes values as Python prints them. */
final class Repr {

    private final Out out;
    private final Budget budget;
    private final int line;

    private Repr(Budget budget, int line) {
        this.out = new Out(budget);
        this.budget = budget;
        this.line = line;
    }

    /** Python's {@code str}: what is printed. */
    static String text(Object value, Budget budget, int line) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Values.Undefined) {
            return "";
        }
        Repr repr = new Repr(budget, line);
        repr.value(value);
        return repr.out.toString();
    }

    private void value(Object value) {
        budget.enter(line);
        budget.step(line);
        switch (value) {
            case null -> write("None");
            case Boolean b -> write(b ? "True" : "False");
            case Long n -> write(n.toString());
            case Double d -> write(number(d, line));
            case String s -> quoted(s);
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            default -> throw new TemplateException(line, Values.type(value) + " can't be printed");
        }
        budget.leave();
    }

    private void list(List<?> list) {
        boolean tuple = list instanceof Values.Tuple;
        write(tuple ? "(" : "[");
        for (int i = 0; i < list.size(); i++) {
            write(i == 0 ? "" : ", ");
            value(list.get(i));
        }
        write(tuple && list.size() == 1 ? "," : "");
        write(tuple ? ")" : "]");
    }

    private void map(Map<?, ?> map) {
        write("{");
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            write(first ? "" : ", ");
            value(entry.getKey());
            write(": ");
            value(entry.getValue());
            first = false;
        }
        write("}");
    }

    /** A float as Python writes it, in the range where Java does the same. */
    static String number(double d, int line) {
        double size = Math.abs(d);
        if (size != 0 && !(size >= 1e-3 && size < 1e7)) {
            throw new TemplateException(line, "a float that large or small is not supported");
        }
        return Double.toString(d);
    }

    private void quoted(String s) {
        budget.read(s.length(), line);
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote, line);
        s.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> write("\\\\");
                case '\n' -> write("\\n");
                case '\r' -> write("\\r");
                case '\t' -> write("\\t");
                default -> {
                    if (c == quote) {
                        write("\\");
                        out.append(c, line);
                    } else if (c < ' ' || c == 0x7F) {
                        write("\\x%02x".formatted(c));
                    } else {
                        out.append(c, line);
                    }
                }
            }
        });
        out.append(quote, line);
    }

    private void write(String text) {
        out.append(text, line);
    }
}
