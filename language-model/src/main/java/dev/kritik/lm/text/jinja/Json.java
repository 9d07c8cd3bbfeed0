/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/** Writes JSON as Python's {@code json.dumps} does with {@code ensure_ascii=False}. */
final class Json {

    private final Out out;
    private final Budget budget;
    private final int indent;
    private final int line;

    private Json(int indent, Budget budget, int line) {
        this.out = new Out(budget);
        this.budget = budget;
        this.indent = indent;
        this.line = line;
    }

    /** @param indent blanks per level; negative: all on one line */
    static String write(Object value, int indent, Budget budget, int line) {
        Json json = new Json(indent, budget, line);
        json.value(value, 0);
        return json.out.toString();
    }

    private void value(Object value, int level) {
        budget.enter(line);
        budget.step(line);
        switch (value) {
            case null -> write("null");
            case Boolean b -> write(b.toString());
            case Long n -> write(n.toString());
            case Double d -> write(Repr.number(d, line));
            case String s -> string(s);
            case List<?> list -> {
                write("[");
                for (int i = 0; i < list.size(); i++) {
                    item(i, level);
                    value(list.get(i), level + 1);
                }
                close(list.isEmpty(), level, "]");
            }
            case Map<?, ?> map -> {
                write("{");
                int i = 0;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    item(i++, level);
                    if (!(entry.getKey() instanceof String key)) {
                        throw new TemplateException(line, "JSON of a dict whose keys are no text is not supported");
                    }
                    string(key);
                    write(": ");
                    value(entry.getValue(), level + 1);
                }
                close(map.isEmpty(), level, "}");
            }
            default -> throw new TemplateException(line, "there is no JSON for " + Values.type(value));
        }
        budget.leave();
    }

    private void item(int index, int level) {
        if (indent < 0) {
            write(index == 0 ? "" : ", ");
        } else {
            write(index == 0 ? "\n" : ",\n");
            out.blanks((long) indent * (level + 1), line);
        }
    }

    private void close(boolean empty, int level, String bracket) {
        if (indent >= 0 && !empty) {
            write("\n");
            out.blanks((long) indent * level, line);
        }
        write(bracket);
    }

    private void string(String s) {
        budget.read(s.length(), line);
        write("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> write("\\\"");
                case '\\' -> write("\\\\");
                case '\n' -> write("\\n");
                case '\r' -> write("\\r");
                case '\t' -> write("\\t");
                case '\b' -> write("\\b");
                case '\f' -> write("\\f");
                default -> {
                    if (c < ' ') {
                        write("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c, line);
                    }
                }
            }
        }
        write("\"");
    }

    private void write(String text) {
        out.append(text, line);
    }
}
