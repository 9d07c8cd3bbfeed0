/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/** Writes JSON as Python's {@code json.dumps} does with {@code ensure_ascii=False}. */
final class Json {

    private final StringBuilder out = new StringBuilder();
    private final int indent;
    private final int line;

    private Json(int indent, int line) {
        this.indent = indent;
        this.line = line;
    }

    /** @param indent blanks per level; negative: all on one line */
    static String write(Object value, int indent, int line) {
        Json json = new Json(indent, line);
        json.value(value, 0);
        return json.out.toString();
    }

    private void value(Object value, int level) {
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b);
            case Long n -> out.append(n);
            case Double d -> out.append(Values.number(d, line));
            case String s -> string(s);
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    item(i, level);
                    value(list.get(i), level + 1);
                }
                close(list.isEmpty(), level, ']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                int i = 0;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    item(i++, level);
                    if (!(entry.getKey() instanceof String key)) {
                        throw new TemplateException(line, "JSON of a dict whose keys are no text is not supported");
                    }
                    string(key);
                    out.append(": ");
                    value(entry.getValue(), level + 1);
                }
                close(map.isEmpty(), level, '}');
            }
            default -> throw new TemplateException(line, "there is no JSON for " + Values.type(value));
        }
    }

    private void item(int index, int level) {
        if (indent < 0) {
            out.append(index == 0 ? "" : ", ");
        } else {
            out.append(index == 0 ? "\n" : ",\n").repeat(" ", indent * (level + 1));
        }
    }

    private void close(boolean empty, int level, char bracket) {
        if (indent >= 0 && !empty) {
            out.append('\n').repeat(" ", indent * level);
        }
        out.append(bracket);
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
