/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/** A text that is written piece by piece, within a budget. */
final class Out {

    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    Out(Budget budget) {
        this.budget = budget;
    }

    Out append(String more, int line) {
        return append(more, 0, more.length(), line);
    }

    Out append(String more, int from, int to, int line) {
        budget.grow(text.length(), (long) to - from, line);
        text.append(more, from, to);
        return this;
    }

    Out append(int codePoint, int line) {
        budget.grow(text.length(), Character.charCount(codePoint), line);
        text.appendCodePoint(codePoint);
        return this;
    }

    Out blanks(long count, int line) {
        budget.grow(text.length(), count, line);
        text.repeat(' ', (int) count);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
