/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.time.LocalDateTime;
import java.util.List;

/** Runs statements. For one rendering. */
final class Interpreter {

    /** How a statement left. */
    private enum Way {
        ON,
        BREAK,
        CONTINUE
    }

    private static final int OBJECTS_OF_SCOPE = 4;

    private final Budget budget;
    private final Evaluator evaluator;

    Interpreter(Budget budget, LocalDateTime now) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget, now, this);
    }

    String render(List<Stmt> body, Scope scope) {
        Out out = new Out(budget);
        run(body, scope, out);
        return out.toString();
    }

    private Way run(List<Stmt> body, Scope scope, Out out) {
        for (Stmt statement : body) {
            budget.enter(statement.line());
            Way way = run(statement, scope, out);
            budget.leave();
            if (way != Way.ON) {
                return way;
            }
        }
        return Way.ON;
    }

    private Way run(Stmt statement, Scope scope, Out out) {
        int line = statement.line();
        budget.step(line);
        switch (statement) {
            case Stmt.Data data -> out.append(data.text(), line);
            case Stmt.Output output ->
                out.append(Repr.text(evaluator.evaluate(output.value(), scope), budget, line), line);
            case Stmt.If choice -> {
                boolean holds = Values.truth(evaluator.evaluate(choice.condition(), scope));
                return run(holds ? choice.then() : choice.otherwise(), scope, out);
            }
            case Stmt.For loop -> loop(loop, scope, out);
            case Stmt.Set set -> bind(set.names(), evaluator.evaluate(set.value(), scope), scope, line);
            case Stmt.SetAttribute set -> setAttribute(set, scope);
            case Stmt.SetBlock set -> {
                Scope inner = inside(scope, line);
                inner.set(Stmt.SetBlock.BODY, render(set.body(), inside(scope, line)));
                scope.set(set.name(), evaluator.evaluate(set.filtered(), inner));
            }
            case Stmt.Macro macro -> {
                budget.objects(1, line);
                scope.set(macro.name(), new Values.Function(macro, scope));
            }
            case Stmt.Scope inner -> {
                return run(inner.body(), inside(scope, line), out);
            }
            case Stmt.Break b -> {
                return Way.BREAK;
            }
            case Stmt.Continue c -> {
                return Way.CONTINUE;
            }
        }
        return Way.ON;
    }

    /** A scope with variables of its own. Macros keep the one that they were made in. */
    private Scope inside(Scope outer, int line) {
        budget.objects(OBJECTS_OF_SCOPE, line);
        return new Scope(outer);
    }

    private void loop(Stmt.For loop, Scope scope, Out out) {
        List<Object> items = Values.items(evaluator.evaluate(loop.items(), scope), budget, loop.line());
        if (loop.filter() != null) {
            items = items.stream()
                    .filter(item -> {
                        budget.step(loop.line());
                        Scope inner = inside(scope, loop.line());
                        bind(loop.names(), item, inner, loop.line());
                        return Values.truth(evaluator.evaluate(loop.filter(), inner));
                    })
                    .toList();
        }
        boolean completed = false;
        Way way = Way.ON;
        for (int i = 0; i < items.size() && way != Way.BREAK; i++) {
            budget.step(loop.line());
            Scope inner = inside(scope, loop.line());
            bind(loop.names(), items.get(i), inner, loop.line());
            inner.set("loop", new Values.Loop(items, i));
            way = run(loop.body(), inner, out);
            completed |= way == Way.ON;
        }
        if (!completed) {
            // Not only where there was nothing: in Jinja, turns that break or continue end count as none
            run(loop.otherwise(), inside(scope, loop.line()), out);
        }
    }

    private void bind(List<String> names, Object value, Scope scope, int line) {
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<Object> items = Values.items(value, budget, line);
        if (items.size() != names.size()) {
            throw new TemplateException(line, items.size() + " values for the names " + names);
        }
        for (int i = 0; i < items.size(); i++) {
            scope.set(names.get(i), items.get(i));
        }
    }

    private void setAttribute(Stmt.SetAttribute set, Scope scope) {
        Object value = evaluator.evaluate(set.value(), scope);
        if (!(scope.get(set.namespace()) instanceof Values.Namespace namespace)) {
            throw new TemplateException(set.line(), set.namespace() + " is no namespace");
        }
        namespace.values().put(set.name(), value);
    }

    /** What a macro writes. */
    String call(Values.Function function, Args args) {
        Stmt.Macro macro = function.macro();
        args.of(macro.parameters().toArray(String[]::new));
        Scope scope = inside(function.home(), args.line());
        for (int i = 0; i < macro.parameters().size(); i++) {
            String name = macro.parameters().get(i);
            Expr otherwise = macro.defaults().get(i);
            Object value = args.has(i, name)
                    ? args.get(i, name)
                    : otherwise == null ? new Values.Undefined(name) : evaluator.evaluate(otherwise, scope);
            scope.set(name, value);
        }
        return render(macro.body(), scope);
    }
}
