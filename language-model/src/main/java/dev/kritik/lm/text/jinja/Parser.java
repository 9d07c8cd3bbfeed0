/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

import dev.kritik.lm.text.jinja.Token.Kind;

/** Reads statements. A tag that is not known here is an error; so is all that would read other files. */
final class Parser extends ExprParser {

    private static final int MAX_DEPTH = 100;

    private int depth;
    private int loops;

    private Parser(List<Token> tokens) {
        super(tokens);
    }

    static List<Stmt> parse(String template) {
        Parser parser = new Parser(Lexer.read(template));
        List<Stmt> body = parser.body(Set.of());
        if (parser.current().kind() != Kind.END) {
            throw new TemplateException(
                    parser.current().line(), "unexpected " + parser.current().text());
        }
        return body;
    }

    /** Statements up to a tag of one of these names; its name is the current token then. */
    private List<Stmt> body(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(current().line(), "too many levels");
        }
        List<Stmt> body = new ArrayList<>();
        while (current().kind() != Kind.END) {
            Token token = next();
            switch (token.kind()) {
                case DATA -> body.add(new Stmt.Data(token.text(), token.line()));
                case OUTPUT_BEGIN -> {
                    body.add(new Stmt.Output(tuple(), token.line()));
                    expect(Kind.OUTPUT_END, "}}");
                }
                default -> {
                    if (current().kind() == Kind.NAME && ends.contains(current().text())) {
                        depth--;
                        return body;
                    }
                    body.add(tag());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw new TemplateException(current().line(), "one of these is missing: " + ends);
        }
        depth--;
        return body;
    }

    private Stmt tag() {
        int line = current().line();
        String name = name();
        return switch (name) {
            case "if" -> condition(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "generation" -> {
                end();
                List<Stmt> body = body(Set.of("endgeneration"));
                end(name());
                yield new Stmt.Scope(body, line);
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new TemplateException(line, name + " outside of a loop");
                }
                end();
                yield name.equals("break") ? new Stmt.Break(line) : new Stmt.Continue(line);
            }
            default -> throw new TemplateException(line, "the tag " + name + " is not supported");
        };
    }

    private Stmt condition(int line) {
        Deque<Stmt.If> conditions = new ArrayDeque<>();
        int start = line;
        String next;
        do {
            Expr condition = tuple();
            end();
            conditions.push(new Stmt.If(condition, body(Set.of("elif", "else", "endif")), List.of(), start));
            start = current().line();
            next = name();
        } while (next.equals("elif"));
        end();
        List<Stmt> otherwise = List.of();
        if (next.equals("else")) {
            otherwise = body(Set.of("endif"));
            end(name());
        }
        while (conditions.size() > 1) {
            otherwise = List.of(conditions.pop().otherwise(otherwise));
        }
        return conditions.pop().otherwise(otherwise);
    }

    private Stmt loop(int line) {
        List<String> names = names();
        expect(Kind.NAME, "in");
        Expr items = or();
        Expr filter = skipName("if") ? expression() : null;
        if (sees(Kind.NAME, "recursive")) {
            throw new TemplateException(line, "recursive loops are not supported");
        }
        end();
        loops++;
        List<Stmt> body = body(Set.of("else", "endfor"));
        loops--;
        List<Stmt> otherwise = List.of();
        if (name().equals("else")) {
            end();
            otherwise = body(Set.of("endfor"));
            name();
        }
        end();
        return new Stmt.For(names, items, filter, body, otherwise, line);
    }

    private Stmt set(int line) {
        List<String> names = names();
        if (skipOperator(".")) {
            String attribute = name();
            expect(Kind.OPERATOR, "=");
            Expr value = tuple();
            end();
            return new Stmt.SetAttribute(names.getFirst(), attribute, value, line);
        }
        if (skipOperator("=")) {
            Expr value = tuple();
            end();
            return new Stmt.Set(names, value, line);
        }
        Expr filtered = filters(new Expr.Variable(Stmt.SetBlock.BODY, line));
        end();
        List<Stmt> body = body(Set.of("endset"));
        end(name());
        if (names.size() > 1) {
            throw new TemplateException(line, "a set with a body has one name");
        }
        return new Stmt.SetBlock(names.getFirst(), filtered, body, line);
    }

    private Stmt macro(int line) {
        String name = name();
        List<String> parameters = new ArrayList<>();
        List<Expr> defaults = new ArrayList<>();
        expect(Kind.OPERATOR, "(");
        while (!skipOperator(")")) {
            parameters.add(name());
            defaults.add(skipOperator("=") ? expression() : null);
            if (!sees(Kind.OPERATOR, ")")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        end();
        int outer = loops;
        loops = 0;
        List<Stmt> body = body(Set.of("endmacro"));
        loops = outer;
        end(name());
        return new Stmt.Macro(name, parameters, defaults, body, line);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        boolean inParentheses = skipOperator("(");
        do {
            names.add(name());
        } while (skipOperator(","));
        if (inParentheses) {
            expect(Kind.OPERATOR, ")");
        }
        return names;
    }

    /** The end of a closing tag; Jinja lets the name of what is closed stand there. */
    private void end(String closing) {
        if (closing.equals("endmacro") && current().kind() == Kind.NAME) {
            name();
        }
        end();
    }

    private void end() {
        expect(Kind.TAG_END, "%}");
    }
}
