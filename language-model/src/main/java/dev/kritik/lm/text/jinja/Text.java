/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.BitSet;
import java.util.function.IntPredicate;

/** Strings as Python has them: counted in code points, with Python's idea of white space and its escapes. */
final class Text {

    private Text() {}

    /** Python's {@code str.isspace}. */
    static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r')
                || (c >= 0x1C && c <= ' ')
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Without white space, or the given characters (null: white space), at the begin and at the end. */
    static String strip(String text, String chars, boolean begin, boolean end) {
        BitSet known = new BitSet();
        if (chars != null) {
            chars.codePoints().forEach(known::set);
        }
        IntPredicate strips = chars == null ? c -> c <= Character.MAX_VALUE && isSpace((char) c) : known::get;
        int from = 0;
        int to = text.length();
        while (begin && from < to && strips.test(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (end && to > from && strips.test(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    /** Whether Python's {@code str.splitlines} ends a line at it. */
    static boolean endsLine(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Negative, zero or positive; by code points, not by Java's chars. */
    static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return Integer.compare(rank(one.charAt(i)), rank(other.charAt(i)));
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    /** Halves of surrogate pairs stand for characters behind all others. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
    }

    /** Python's {@code str.title}: a letter behind another one small, others large. */
    static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            result.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
        }
        return result.toString();
    }

    /** Jinja's filter {@code title}: large is what is first, or behind white space, a hyphen or an opening bracket. */
    static String titleFilter(String text) {
        StringBuilder result = new StringBuilder();
        boolean first = true;
        for (int c : text.codePoints().toArray()) {
            result.appendCodePoint(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = (c <= Character.MAX_VALUE && isSpace((char) c)) || "-({[<".indexOf(c) >= 0;
        }
        return result.toString();
    }

    /** What a string literal stands for; escapes that Python does not know stay as they are. */
    static String unescape(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\') {
                result.append(c);
                continue;
            }
            c = literal.charAt(++i);
            int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
            switch (c) {
                case 'n' -> result.append('\n');
                case 't' -> result.append('\t');
                case 'r' -> result.append('\r');
                case 'a' -> result.append('\u0007');
                case 'b' -> result.append('\b');
                case 'f' -> result.append('\f');
                case 'v' -> result.append('\u000B');
                case '\\', '\'', '"' -> result.append(c);
                case '\n' -> {}
                case 'x', 'u', 'U' -> {
                    try {
                        result.appendCodePoint(Integer.parseInt(literal, i + 1, i + 1 + digits, 16));
                    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                        throw new TemplateException(line, "an escape in a string is incomplete");
                    }
                    i += digits;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7', 'N' ->
                    throw new TemplateException(line, "the escape \\" + c + " is not supported");
                default -> result.append('\\').append(c);
            }
        }
        return result.toString();
    }
}
