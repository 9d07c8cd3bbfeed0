/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;

/** A statement, with the template's line where it begins. */
sealed interface Stmt {

    int line();

    record Data(String text, int line) implements Stmt {}

    record Output(Expr value, int line) implements Stmt {}

    record If(Expr condition, List<Stmt> then, List<Stmt> otherwise, int line) implements Stmt {

        If otherwise(List<Stmt> statements) {
            return new If(condition, then, statements, line);
        }
    }

    /** {@code {% for names in items if filter %}}; filter may be null. */
    record For(List<String> names, Expr items, Expr filter, List<Stmt> body, List<Stmt> otherwise, int line)
            implements Stmt {}

    /** {@code {% set names = value %}}. */
    record Set(List<String> names, Expr value, int line) implements Stmt {}

    /** {@code {% set namespace.name = value %}}. */
    record SetAttribute(String namespace, String name, Expr value, int line) implements Stmt {}

    /** {@code {% set name %}body{% endset %}}; filters are applied to the {@link #BODY}. */
    record SetBlock(String name, Expr filtered, List<Stmt> body, int line) implements Stmt {
        /** The variable in {@code filtered} that stands for the text of the body; no name can be written like it. */
        static final String BODY = "set body";
    }

    record Macro(String name, List<String> parameters, List<Expr> defaults, List<Stmt> body, int line)
            implements Stmt {}

    /** Statements with variables of their own. */
    record Scope(List<Stmt> body, int line) implements Stmt {}

    record Break(int line) implements Stmt {}

    record Continue(int line) implements Stmt {}
}
