/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/**
 * Looks for a text in others, in time that grows with their lengths. Java's own search may take their product: hours, for
 * texts that a template can make. (Knuth, Morris and Pratt's way; short texts are left to Java, which is faster.)
 */
final class Search {

    private static final int SHORT = 16;

    private final String part;
    /** For each begin of the part, how much of its end is a begin of the part, too; null for a short one. */
    private final int[] borders;

    Search(String part, Budget budget, int line) {
        budget.read(part.length(), line);
        this.part = part;
        this.borders = part.length() <= SHORT ? null : borders(part);
    }

    private static int[] borders(String part) {
        int[] borders = new int[part.length()];
        int matched = 0;
        for (int i = 1; i < borders.length; i++) {
            while (matched > 0 && part.charAt(matched) != part.charAt(i)) {
                matched = borders[matched - 1];
            }
            matched += part.charAt(matched) == part.charAt(i) ? 1 : 0;
            borders[i] = matched;
        }
        return borders;
    }

    /** The first place, from the given one on; -1 if there is none. */
    int first(String text, int from) {
        return borders == null ? text.indexOf(part, from) : find(text, from, false);
    }

    /** The last place; -1 if there is none. */
    int last(String text) {
        return borders == null ? text.lastIndexOf(part) : find(text, 0, true);
    }

    private int find(String text, int from, boolean last) {
        int found = -1;
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && part.charAt(matched) != text.charAt(i)) {
                matched = borders[matched - 1];
            }
            matched += part.charAt(matched) == text.charAt(i) ? 1 : 0;
            if (matched == borders.length) {
                found = i + 1 - matched;
                if (!last) {
                    return found;
                }
                matched = borders[matched - 1];
            }
        }
        return found;
    }
}
