/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.kritik.lm.text.jinja.Token.Kind;

/**
 * Cuts a template into tokens, with white space as Jinja's {@code trim_blocks} and {@code lstrip_blocks} leave it: the
 * newline behind a tag or comment is dropped, and so are blanks between the begin of its line and it. A minus at a
 * delimiter drops all white space on its side, a plus keeps it. The template's last newline is dropped.
 */
final class Lexer {

    private static final Pattern OPENING = Pattern.compile("\\{([{%#])([-+]?)");
    private static final Pattern RAW_BEGIN = Pattern.compile("\\s*raw\\s*(-?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern FLOAT = Pattern.compile("[0-9]+(\\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)");
    private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    /** Whether what was read last ended a line: then blanks before a tag are dropped. */
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> read(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(at)) {
            String kind = opening.group(1);
            data(at, opening.start(), opening.group(2), !kind.equals("{"));
            at = opening.end();
            switch (kind) {
                case "#" -> comment();
                case "%" -> tag();
                default -> output();
            }
        }
        add(Kind.DATA, source.substring(at));
        add(Kind.END, "the end");
    }

    /** The text before a delimiter, without the white space that the delimiter drops. */
    private void data(int from, int to, String sign, boolean mayStrip) {
        int end = to;
        if (sign.equals("-")) {
            while (end > from && Text.isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (mayStrip && !sign.equals("+")) {
            int blank = end;
            while (blank > from && source.charAt(blank - 1) != '\n' && Text.isSpace(source.charAt(blank - 1))) {
                blank--;
            }
            boolean lineBegins = blank > from ? source.charAt(blank - 1) == '\n' : lineStarts;
            end = lineBegins ? blank : end;
        }
        add(Kind.DATA, source.substring(from, end));
        line += count(source, end, to);
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new TemplateException(line, "a comment has no end");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        line += count(source, at, end);
        at = end + 2;
        afterTag(sign == '-' ? "-" : sign == '+' ? "+" : "");
    }

    private void tag() {
        Matcher raw = RAW_BEGIN.matcher(source).region(at, source.length());
        if (raw.lookingAt()) {
            raw(raw);
            return;
        }
        add(Kind.TAG_BEGIN, "{%");
        String sign = expression('%');
        add(Kind.TAG_END, "%}");
        afterTag(sign);
    }

    private void output() {
        add(Kind.OUTPUT_BEGIN, "{{");
        String sign = expression('}');
        add(Kind.OUTPUT_END, "}}");
        lineStarts = false;
        if (sign.equals("-")) {
            skipSpace();
        }
    }

    private void raw(Matcher begin) {
        line += count(source, at, begin.end());
        at = begin.end();
        lineStarts = false;
        if (begin.group(1).equals("-")) {
            skipSpace();
        }
        Matcher end = RAW_END.matcher(source);
        if (!end.find(at)) {
            throw new TemplateException(line, "raw has no endraw");
        }
        data(at, end.start(), end.group(1), true);
        line += count(source, end.start(), end.end());
        at = end.end();
        afterTag(end.group(2));
    }

    private void afterTag(String sign) {
        lineStarts = false;
        if (sign.equals("-")) {
            skipSpace();
        } else if (!sign.equals("+") && source.startsWith("\n", at)) {
            at++;
            line++;
            lineStarts = true;
        }
    }

    private void skipSpace() {
        while (at < source.length() && Text.isSpace(source.charAt(at))) {
            lineStarts = source.charAt(at) == '\n';
            line += lineStarts ? 1 : 0;
            at++;
        }
    }

    /** Reads up to the end of a tag or an output, and returns the sign at its end. */
    private String expression(char closing) {
        Deque<Character> open = new ArrayDeque<>();
        int start = line;
        while (true) {
            while (at < source.length() && Text.isSpace(source.charAt(at))) {
                line += source.charAt(at) == '\n' ? 1 : 0;
                at++;
            }
            if (at >= source.length()) {
                throw new TemplateException(start, "a tag has no end");
            }
            if (open.isEmpty()) {
                for (String sign : closing == '%' ? List.of("", "-", "+") : List.of("", "-")) {
                    String end = sign + closing + "}";
                    if (source.startsWith(end, at)) {
                        at += end.length();
                        return sign;
                    }
                }
            }
            token(open);
        }
    }

    private void token(Deque<Character> open) {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            if (!match(FLOAT, Kind.FLOAT)) {
                match(INTEGER, Kind.INTEGER);
            }
            if (at < source.length() && Character.isLetterOrDigit(source.charAt(at))) {
                throw new TemplateException(line, "this is no number that is known here: " + near());
            }
        } else if (c == '_' || Character.isLetter(c)) {
            int end = at + 1;
            while (end < source.length()
                    && (source.charAt(end) == '_' || Character.isLetterOrDigit(source.charAt(end)))) {
                end++;
            }
            add(Kind.NAME, source.substring(at, end));
            at = end;
        } else if (match(OPERATOR, Kind.OPERATOR)) {
            balance(open, c);
        } else {
            throw new TemplateException(line, "unexpected character: " + near());
        }
    }

    private void balance(Deque<Character> open, char c) {
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw new TemplateException(line, "unexpected " + c);
                }
            }
            default -> {}
        }
    }

    private boolean match(Pattern pattern, Kind kind) {
        Matcher matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        add(kind, matcher.group());
        at = matcher.end();
        return true;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateException(line, "a string has no end: " + near());
        }
        tokens.add(new Token(Kind.STRING, Text.unescape(source.substring(at + 1, end), line), line));
        line += count(source, at, end);
        at = end + 1;
    }

    private void add(Kind kind, String text) {
        if (kind != Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line));
        }
        if (kind == Kind.DATA) {
            line += count(text, 0, text.length());
        }
    }

    private String near() {
        return source.substring(at, Math.min(source.length(), at + 20)).replace('\n', ' ');
    }

    private static int count(String text, int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
    }
}
