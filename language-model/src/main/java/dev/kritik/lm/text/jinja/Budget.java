/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/**
 * Bounds what a template may do, so that none runs, nests or grows without end. For one rendering. Whoever looks at a
 * value, compares, prints or makes one asks here first, for each of its parts: lists that hold the same list twice, twenty
 * levels of them, are small and yet have a million parts.
 */
final class Budget {

    private static final int CHARS_PER_STEP = 16;
    /** Statements, expressions and values inside of each other; far below what a thread's stack can take. */
    private static final int MAX_DEPTH = 500;
    /** About the bytes of a small object with what it takes to hold it. */
    private static final int OBJECT = 64;

    private final int maxChars;
    private long chars;
    private long bytes;
    private int depth;

    /**
     * @param work steps: statements, expressions, parts of values, and each 16 characters read or written
     * @param bytes memory for all that is made, also what is dropped again
     * @param maxChars most characters of a text
     */
    Budget(long work, long bytes, int maxChars) {
        this.chars = work * CHARS_PER_STEP;
        this.bytes = bytes;
        this.maxChars = maxChars;
    }

    void step(int line) {
        read(CHARS_PER_STEP, line);
    }

    /** Before so many characters, or items of a list, are looked at. */
    void read(long size, int line) {
        chars -= size;
        if (chars < 0) {
            throw new TemplateException(line, "it does too much: rendering was stopped");
        }
    }

    /** Refuses a text of this size, if it is too large. */
    void limit(long size, int line) {
        if (size > maxChars) {
            throw new TemplateException(line, "it makes a text of more than " + maxChars + " characters");
        }
    }

    /** Before a text is made. */
    void text(long size, int line) {
        grow(0, size, line);
        objects(1, line);
    }

    /** Before a text gets longer. */
    void grow(long size, long more, int line) {
        limit(size + more, line);
        read(more, line);
        make(Character.BYTES * more, line);
    }

    /** Before a list is made of values that are there. */
    void list(long items, int line) {
        read(items, line);
        make(Long.BYTES * items, line);
        objects(1, line);
    }

    /** Before so many small objects are made: texts of one character, pairs, numbers. */
    void objects(long count, int line) {
        read(CHARS_PER_STEP * count, line);
        make(OBJECT * count, line);
    }

    private void make(long size, int line) {
        bytes -= size;
        if (bytes < 0) {
            throw new TemplateException(line, "it makes too much: rendering was stopped");
        }
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
