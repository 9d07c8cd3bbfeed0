/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/** An expression, with the template's line where it begins. */
sealed interface Expr {

    int line();

    record Literal(Object value, int line) implements Expr {}

    record Variable(String name, int line) implements Expr {}

    record ListOf(List<Expr> items, int line) implements Expr {}

    record TupleOf(List<Expr> items, int line) implements Expr {}

    record DictOf(List<Expr> keys, List<Expr> values, int line) implements Expr {}

    /** {@code base.name}. */
    record Attribute(Expr base, String name, int line) implements Expr {}

    /** {@code base[key]}. */
    record Item(Expr base, Expr key, int line) implements Expr {}

    /** {@code base[from:to:step]}; a bound that is not there is null. */
    record Slice(Expr base, Expr from, Expr to, Expr step, int line) implements Expr {}

    record Call(Expr function, List<Expr> args, Map<String, Expr> named, int line) implements Expr {}

    record Filter(Expr value, String name, List<Expr> args, Map<String, Expr> named, int line) implements Expr {}

    record Test(Expr value, String name, List<Expr> args, int line) implements Expr {}

    record Not(Expr value, int line) implements Expr {}

    record Negative(Expr value, int line) implements Expr {}

    record And(Expr left, Expr right, int line) implements Expr {}

    record Or(Expr left, Expr right, int line) implements Expr {}

    record Binary(String operator, Expr left, Expr right, int line) implements Expr {}

    /** {@code a < b == c}: each with its neighbour, all of them. */
    record Comparison(Expr first, List<String> operators, List<Expr> others, int line) implements Expr {}

    /** {@code then if condition else otherwise}; otherwise may be null. */
    record Choice(Expr condition, Expr then, Expr otherwise, int line) implements Expr {}
}
