/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.lm.text.jinja.Token.Kind;

/** Reads expressions, with Jinja's order of operators: a filter binds closer than any of them. */
class ExprParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    ExprParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token next() {
        return tokens.get(at++);
    }

    boolean sees(Kind kind, String text) {
        return current().is(kind, text);
    }

    boolean skip(Kind kind, String text) {
        if (sees(kind, text)) {
            at++;
            return true;
        }
        return false;
    }

    boolean skipOperator(String text) {
        return skip(Kind.OPERATOR, text);
    }

    boolean skipName(String text) {
        return skip(Kind.NAME, text);
    }

    void expect(Kind kind, String text) {
        if (!skip(kind, text)) {
            throw new TemplateException(
                    current().line(),
                    "expected " + text + ", found " + current().text());
        }
    }

    String name() {
        if (current().kind() != Kind.NAME) {
            throw new TemplateException(
                    current().line(), "expected a name, found " + current().text());
        }
        return next().text();
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(current().line(), "too many levels");
        }
    }

    Expr expression() {
        enter();
        int line = current().line();
        Expr value = or();
        while (skipName("if")) {
            Expr condition = or();
            Expr otherwise = skipName("else") ? expression() : null;
            value = new Expr.Choice(condition, value, otherwise, line);
        }
        depth--;
        return value;
    }

    /** An expression, or several with commas between them: a tuple. */
    Expr tuple() {
        int line = current().line();
        Expr first = expression();
        return sees(Kind.OPERATOR, ",") ? restOfTuple(first, line) : first;
    }

    private Expr restOfTuple(Expr first, int line) {
        List<Expr> items = new ArrayList<>(List.of(first));
        while (skipOperator(",")) {
            if (sees(Kind.OPERATOR, ")")
                    || current().kind() == Kind.TAG_END
                    || current().kind() == Kind.OUTPUT_END) {
                break;
            }
            items.add(expression());
        }
        return new Expr.TupleOf(items, line);
    }

    /** An expression without a choice: what stands between "in" and "if" of a loop. */
    Expr or() {
        Expr left = and();
        while (sees(Kind.NAME, "or")) {
            int line = next().line();
            left = new Expr.Or(left, and(), line);
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (sees(Kind.NAME, "and")) {
            int line = next().line();
            left = new Expr.And(left, not(), line);
        }
        return left;
    }

    private Expr not() {
        if (sees(Kind.NAME, "not")) {
            int line = next().line();
            enter();
            Expr value = new Expr.Not(not(), line);
            depth--;
            return value;
        }
        return comparison();
    }

    private Expr comparison() {
        int line = current().line();
        Expr first = sum();
        List<String> operators = new ArrayList<>();
        List<Expr> others = new ArrayList<>();
        while (true) {
            if (current().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(current().text())) {
                operators.add(next().text());
            } else if (skipName("in")) {
                operators.add("in");
            } else if (sees(Kind.NAME, "not") && tokens.get(at + 1).is(Kind.NAME, "in")) {
                at += 2;
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expr.Comparison(first, operators, others, line);
            }
            others.add(sum());
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        while (sees(Kind.OPERATOR, "+") || sees(Kind.OPERATOR, "-")) {
            Token operator = next();
            left = new Expr.Binary(operator.text(), left, concatenation(), operator.line());
        }
        return left;
    }

    private Expr concatenation() {
        Expr left = product();
        while (sees(Kind.OPERATOR, "~")) {
            int line = next().line();
            left = new Expr.Binary("~", left, product(), line);
        }
        return left;
    }

    private Expr product() {
        Expr left = power();
        while (sees(Kind.OPERATOR, "*")
                || sees(Kind.OPERATOR, "/")
                || sees(Kind.OPERATOR, "//")
                || sees(Kind.OPERATOR, "%")) {
            Token operator = next();
            left = new Expr.Binary(operator.text(), left, power(), operator.line());
        }
        return left;
    }

    private Expr power() {
        Expr left = unary(true);
        while (sees(Kind.OPERATOR, "**")) {
            int line = next().line();
            left = new Expr.Binary("**", left, unary(true), line);
        }
        return left;
    }

    private Expr unary(boolean withFilters) {
        enter();
        int line = current().line();
        Expr value;
        if (skipOperator("-")) {
            value = new Expr.Negative(unary(false), line);
        } else if (skipOperator("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        value = postfix(value);
        depth--;
        return withFilters ? filters(value) : value;
    }

    private Expr primary() {
        Token token = next();
        int line = token.line();
        return switch (token.kind()) {
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expr.Literal(true, line);
                    case "false", "False" -> new Expr.Literal(false, line);
                    case "none", "None" -> new Expr.Literal(null, line);
                    default -> new Expr.Variable(token.text(), line);
                };
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (current().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Expr.Literal(text.toString(), line);
            }
            case INTEGER -> new Expr.Literal(integer(token), line);
            case FLOAT -> new Expr.Literal(Double.valueOf(token.text()), line);
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesis(line);
                    case "[" -> list(line);
                    case "{" -> dict(line);
                    default -> throw new TemplateException(line, "unexpected " + token.text());
                };
            default -> throw new TemplateException(line, "expected a value, found " + token.text());
        };
    }

    private static Long integer(Token token) {
        try {
            return Long.valueOf(token.text());
        } catch (NumberFormatException e) {
            throw new TemplateException(token.line(), "the number is too large: " + token.text());
        }
    }

    private Expr parenthesis(int line) {
        if (skipOperator(")")) {
            return new Expr.TupleOf(List.of(), line);
        }
        Expr value = tuple();
        expect(Kind.OPERATOR, ")");
        return value;
    }

    private Expr list(int line) {
        List<Expr> items = new ArrayList<>();
        while (!skipOperator("]")) {
            items.add(expression());
            if (!sees(Kind.OPERATOR, "]")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return new Expr.ListOf(items, line);
    }

    private Expr dict(int line) {
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!skipOperator("}")) {
            keys.add(expression());
            expect(Kind.OPERATOR, ":");
            values.add(expression());
            if (!sees(Kind.OPERATOR, "}")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return new Expr.DictOf(keys, values, line);
    }

    private Expr postfix(Expr base) {
        Expr value = base;
        while (true) {
            int line = current().line();
            if (skipOperator(".")) {
                value = current().kind() == Kind.INTEGER
                        ? new Expr.Item(value, new Expr.Literal(integer(next()), line), line)
                        : new Expr.Attribute(value, name(), line);
            } else if (skipOperator("[")) {
                value = subscript(value, line);
            } else if (sees(Kind.OPERATOR, "(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expr subscript(Expr base, int line) {
        Expr from = sees(Kind.OPERATOR, ":") ? null : expression();
        if (from != null && skipOperator("]")) {
            return new Expr.Item(base, from, line);
        }
        expect(Kind.OPERATOR, ":");
        Expr to = sees(Kind.OPERATOR, ":") || sees(Kind.OPERATOR, "]") ? null : expression();
        Expr step = null;
        if (skipOperator(":") && !sees(Kind.OPERATOR, "]")) {
            step = expression();
        }
        expect(Kind.OPERATOR, "]");
        return new Expr.Slice(base, from, to, step, line);
    }

    private Expr call(Expr function) {
        int line = current().line();
        Map<String, Expr> named = new LinkedHashMap<>();
        List<Expr> args = arguments(named);
        return new Expr.Call(function, args, named, line);
    }

    private List<Expr> arguments(Map<String, Expr> named) {
        List<Expr> args = new ArrayList<>();
        expect(Kind.OPERATOR, "(");
        while (!skipOperator(")")) {
            if (current().kind() == Kind.NAME && tokens.get(at + 1).is(Kind.OPERATOR, "=")) {
                String name = name();
                at++;
                named.put(name, expression());
            } else if (!named.isEmpty()) {
                throw new TemplateException(current().line(), "an argument without a name follows one with a name");
            } else {
                args.add(expression());
            }
            if (!sees(Kind.OPERATOR, ")")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return args;
    }

    /** Filters, tests and calls behind a value. */
    Expr filters(Expr base) {
        Expr value = base;
        while (true) {
            int line = current().line();
            if (skipOperator("|")) {
                String name = name();
                Map<String, Expr> named = new LinkedHashMap<>();
                List<Expr> args = sees(Kind.OPERATOR, "(") ? arguments(named) : List.of();
                value = new Expr.Filter(value, name, args, named, line);
            } else if (skipName("is")) {
                value = test(value, line);
            } else if (sees(Kind.OPERATOR, "(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expr test(Expr value, int line) {
        boolean negated = skipName("not");
        String name = name();
        List<Expr> args = List.of();
        Token follows = current();
        if (sees(Kind.OPERATOR, "(")) {
            Map<String, Expr> named = new LinkedHashMap<>();
            args = arguments(named);
            if (!named.isEmpty()) {
                throw new TemplateException(line, "named arguments of a test are not supported");
            }
        } else if (follows.kind() == Kind.STRING
                || follows.kind() == Kind.INTEGER
                || follows.kind() == Kind.FLOAT
                || sees(Kind.OPERATOR, "[")
                || sees(Kind.OPERATOR, "{")
                || (follows.kind() == Kind.NAME && !Set.of("else", "or", "and").contains(follows.text()))) {
            if (follows.text().equals("is") && follows.kind() == Kind.NAME) {
                throw new TemplateException(line, "one test follows another");
            }
            args = List.of(postfix(primary()));
        }
        Expr test = new Expr.Test(value, name, args, line);
        return negated ? new Expr.Not(test, line) : test;
    }
}
