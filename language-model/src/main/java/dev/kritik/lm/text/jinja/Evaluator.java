/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes expressions. For one rendering. */
final class Evaluator {

    private final Budget budget;
    private final LocalDateTime now;
    private final Interpreter macros;

    Evaluator(Budget budget, LocalDateTime now, Interpreter macros) {
        this.budget = budget;
        this.now = now;
        this.macros = macros;
    }

    Object evaluate(Expr expr, Scope scope) {
        budget.step(expr.line());
        budget.enter(expr.line());
        Object value = compute(expr, scope);
        budget.leave();
        return value;
    }

    private Object compute(Expr expr, Scope scope) {
        int line = expr.line();
        return switch (expr) {
            case Expr.Literal literal -> literal.value();
            case Expr.Variable variable -> scope.get(variable.name());
            case Expr.ListOf list -> {
                budget.list(list.items().size(), line);
                yield all(list.items(), scope);
            }
            case Expr.TupleOf tuple -> {
                budget.list(tuple.items().size(), line);
                yield new Values.Tuple(all(tuple.items(), scope));
            }
            case Expr.DictOf dict -> dict(dict, scope);
            case Expr.Attribute attribute ->
                Operators.attribute(evaluate(attribute.base(), scope), attribute.name(), line);
            case Expr.Item item ->
                Operators.item(evaluate(item.base(), scope), evaluate(item.key(), scope), budget, line);
            case Expr.Slice slice ->
                Operators.slice(
                        evaluate(slice.base(), scope),
                        bound(slice.from(), scope),
                        bound(slice.to(), scope),
                        bound(slice.step(), scope),
                        budget,
                        line);
            case Expr.Call call -> call(call, scope);
            case Expr.Filter filter -> {
                Object value = evaluate(filter.value(), scope);
                yield Filters.apply(value, args(filter.name(), filter.args(), filter.named(), scope, line), budget);
            }
            case Expr.Test test -> {
                Object value = evaluate(test.value(), scope);
                yield Tests.test(value, args(test.name(), test.args(), Map.of(), scope, line), budget);
            }
            case Expr.Not not -> !Values.truth(evaluate(not.value(), scope));
            case Expr.Negative negative -> Operators.negative(evaluate(negative.value(), scope), line);
            case Expr.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Values.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expr.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Values.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expr.Binary binary ->
                Operators.binary(
                        binary.operator(),
                        evaluate(binary.left(), scope),
                        evaluate(binary.right(), scope),
                        budget,
                        line);
            case Expr.Comparison comparison -> compare(comparison, scope);
            case Expr.Choice choice -> {
                if (Values.truth(evaluate(choice.condition(), scope))) {
                    yield evaluate(choice.then(), scope);
                }
                yield choice.otherwise() == null
                        ? new Values.Undefined("the other case")
                        : evaluate(choice.otherwise(), scope);
            }
        };
    }

    private List<Object> all(List<Expr> exprs, Scope scope) {
        List<Object> values = new ArrayList<>();
        exprs.forEach(expr -> values.add(evaluate(expr, scope)));
        return values;
    }

    private Map<Object, Object> dict(Expr.DictOf dict, Scope scope) {
        budget.objects(1L + dict.keys().size(), dict.line());
        Map<Object, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            Object key = evaluate(dict.keys().get(i), scope);
            if (!(key instanceof String) && !(key instanceof Long)) {
                throw new TemplateException(dict.line(), "a key of a dict is " + Values.type(key));
            }
            values.put(key, evaluate(dict.values().get(i), scope));
        }
        return values;
    }

    private Object bound(Expr expr, Scope scope) {
        return expr == null ? null : evaluate(expr, scope);
    }

    private Args args(String what, List<Expr> positional, Map<String, Expr> named, Scope scope, int line) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<Object> unnamed = all(positional, scope);
        named.forEach((name, expr) -> values.put(name, evaluate(expr, scope)));
        return new Args(what, unnamed, values, line);
    }

    private Object call(Expr.Call call, Scope scope) {
        int line = call.line();
        Object function = evaluate(call.function(), scope);
        return switch (function) {
            case null -> throw new TemplateException(line, "none is no function");
            case Values.Function macro ->
                macros.call(macro, args(macro.macro().name(), call.args(), call.named(), scope, line));
            case Values.Method method ->
                Methods.call(method.base(), args(method.name(), call.args(), call.named(), scope, line), budget);
            case Values.Builtin builtin ->
                Builtins.call(args(builtin.name(), call.args(), call.named(), scope, line), now, budget);
            default -> throw new TemplateException(line, Values.type(function) + " is no function that is known here");
        };
    }

    private boolean compare(Expr.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = evaluate(comparison.others().get(i), scope);
            int line = comparison.line();
            boolean holds = switch (comparison.operators().get(i)) {
                case "==" -> Values.equal(left, right, budget, line);
                case "!=" -> !Values.equal(left, right, budget, line);
                case "in" -> Values.contains(right, left, budget, line);
                case "not in" -> !Values.contains(right, left, budget, line);
                case "<" -> Values.compare(left, right, budget, line) < 0;
                case "<=" -> Values.compare(left, right, budget, line) <= 0;
                case ">" -> Values.compare(left, right, budget, line) > 0;
                default -> Values.compare(left, right, budget, line) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }
}
