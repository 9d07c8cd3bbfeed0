/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/** Bounds what a template may do, so that none runs or grows without end. */
final class Budget {

    private static final long CHARS_PER_UNIT = 16;
    private static final int MAX_DEPTH = 1000;

    private final int maxChars;
    private long left;
    private int depth;

    /**
     * @param work statements, expressions, and 16 characters or items made, count one each
     * @param maxChars most characters of a text, most items of a list
     */
    Budget(long work, int maxChars) {
        this.left = work;
        this.maxChars = maxChars;
    }

    void step(int line) {
        if (--left < 0) {
            throw new TemplateException(line, "it does too much: rendering was stopped");
        }
    }

    /** Refuses something of this size, if it is too large. */
    void limit(long size, int line) {
        if (size > maxChars) {
            throw new TemplateException(line, "it makes more than " + maxChars + " characters or items");
        }
    }

    /** Before something of this size is made. */
    void make(long size, int line) {
        limit(size, line);
        left -= size / CHARS_PER_UNIT;
        step(line);
    }

    void enter(int line) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(line, "too many levels");
        }
    }

    void leave() {
        depth--;
    }
}
