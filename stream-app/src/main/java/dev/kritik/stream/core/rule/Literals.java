/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds literals of which a match of a pattern contains at least one, as RE2's prefilters do (its {@code FilteredRE2}, which
 * re2j lacks): a text with none of them needs no look by the pattern. For the syntax that phrases use: groups that capture
 * nothing, classes, the usual repetitions and escapes.
 */
final class Literals {

    /** Shorter ones stand in any text. */
    static final int SHORTEST = 4;

    private final String pattern;
    private int at;

    private Literals(String pattern) {
        this.pattern = pattern;
    }

    /**
     * At least one of these stands in what matches; empty if there is no such set of literals with {@value #SHORTEST}
     * characters or more.
     *
     * @throws IllegalArgumentException if the pattern uses other syntax
     */
    static Set<String> of(String pattern) {
        var literals = new Literals(pattern);
        Set<String> found = literals.alternatives();
        if (literals.at < pattern.length()) {
            throw literals.unknown();
        }
        return Set.copyOf(found);
    }

    /** Up to the end or a closing bracket: any may match, so all must be known. */
    private Set<String> alternatives() {
        Set<String> all = new HashSet<>();
        boolean known = true;
        while (true) {
            Set<String> one = sequence();
            known &= !one.isEmpty();
            all.addAll(one);
            if (!sees('|')) {
                return known ? all : Set.of();
            }
            at++;
        }
    }

    /** All parts stand in a match: the best of them will do. */
    private Set<String> sequence() {
        Set<String> best = Set.of();
        var run = new StringBuilder();
        while (at < pattern.length() && !sees('|') && !sees(')')) {
            Set<String> part = Set.of();
            int literal = -1;
            char c = pattern.charAt(at++);
            switch (c) {
                case '(' -> part = group();
                case '[' -> skipClass();
                case '\\' -> literal = escaped();
                case '.', '^', '$' -> {}
                case '*', '+', '?', '{', '}', ']' -> throw unknown();
                default -> literal = c;
            }
            int before = at;
            boolean once = repetition();
            if (literal >= 0 && at == before) {
                run.append((char) literal);
            } else {
                best = better(best, literal(run));
                run.setLength(0);
                best = once ? better(best, part) : best;
            }
        }
        return better(best, literal(run));
    }

    private Set<String> group() {
        if (!pattern.startsWith("?:", at)) {
            throw unknown();
        }
        at += 2;
        Set<String> inside = alternatives();
        if (!sees(')')) {
            throw unknown();
        }
        at++;
        return inside;
    }

    private void skipClass() {
        at += sees('^') ? 1 : 0;
        at += sees(']') ? 1 : 0; // what comes first is not the end
        while (!sees(']')) {
            if (at >= pattern.length()) {
                throw unknown();
            }
            at += sees('\\') ? 2 : 1;
        }
        at++;
    }

    /** The character that is meant literally; -1 for a class or a boundary. */
    private int escaped() {
        char c = pattern.charAt(at++);
        if (!Character.isLetterOrDigit(c)) {
            return c;
        }
        if (c == 'p') {
            at++;
        } else if ("bdsw".indexOf(c) < 0) {
            throw unknown();
        }
        return -1;
    }

    /** Takes what says how often the part before it comes, if anything does; false if it may be missing. */
    private boolean repetition() {
        if (sees('*') || sees('?')) {
            at++;
            return false;
        }
        if (sees('+')) {
            at++;
            return true;
        }
        if (!sees('{')) {
            return true;
        }
        boolean once = !pattern.startsWith("{0", at);
        at = pattern.indexOf('}', at) + 1;
        return once;
    }

    private boolean sees(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    private static Set<String> literal(StringBuilder run) {
        String literal = run.toString().strip();
        return literal.length() < SHORTEST ? Set.of() : Set.of(literal);
    }

    /** The one whose shortest literal is longer, for it stands in fewer texts. */
    private static Set<String> better(Set<String> one, Set<String> other) {
        return shortest(other) > shortest(one) ? other : one;
    }

    private static int shortest(Set<String> literals) {
        return literals.stream().mapToInt(String::length).min().orElse(0);
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException("At " + at + " of '" + pattern + "': this syntax is not known here");
    }
}
