/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds every <code>\boxed{…}</code> of a text, nested and unfinished ones too. Takes time and memory in proportion to the
 * text, whatever stands in it: braces are matched, and commas counted, once for all boxes together.
 */
final class Boxes {

    private static final String NAME = "\\boxed";
    private static final Set<String> WRAPPERS = Set.of("text", "textbf", "mathrm", "mathbf");
    private static final int LONGEST_WRAPPER = 6;

    private final String text;
    /** At each opening brace the place of its closing one; -1 where there is none. */
    private final int[] closing;
    /** At each opening brace the number of commas directly within. */
    private final int[] commas;

    private Boxes(String text) {
        this.text = text;
        this.closing = new int[text.length()];
        this.commas = new int[text.length()];
        int[] open = new int[text.length()];
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                closing[i] = -1;
                open[depth++] = i;
            } else if (c == '}' && depth > 0) {
                closing[open[--depth]] = i;
            } else if (c == ',' && depth > 0) {
                commas[open[depth - 1]]++;
            }
        }
    }

    /**
     * What was found.
     *
     * @param boxes how many boxes there are
     * @param items what stands in the last box of the wanted size; empty when there is none
     * @param unfinished whether an unfinished box stands behind that one
     * @param counts how many items other boxes hold, for people
     */
    record Found(int boxes, List<String> items, boolean unfinished, String counts) {}

    /**
     * Looks for boxes.
     *
     * @param n how many items the wanted box holds
     */
    static Found find(String text, int n) {
        Boxes all = new Boxes(text);
        int boxes = 0;
        int wanted = -1;
        boolean unfinished = false;
        List<String> counts = new ArrayList<>();
        for (int at = text.indexOf(NAME); at >= 0; at = text.indexOf(NAME, at + NAME.length())) {
            int open = all.skipSpace(at + NAME.length());
            if (open >= text.length() || text.charAt(open) != '{') {
                continue;
            }
            boxes++;
            if (all.closing[open] < 0) {
                unfinished = true;
                continue;
            }
            int inner = all.unwrap(open);
            int items = all.count(inner);
            if (items == n) {
                wanted = inner;
                unfinished = false;
            } else if (counts.size() < 4) {
                counts.add(Integer.toString(items));
            }
        }
        return new Found(boxes, wanted < 0 ? List.of() : all.items(wanted), unfinished, String.join(", ", counts));
    }

    /** Steps through {@code \text{…}} when it is all that a box holds. */
    private int unwrap(int open) {
        int current = open;
        while (true) {
            int start = skipSpace(current + 1);
            int end = closing[current] - 1;
            while (end > start && Character.isWhitespace(text.charAt(end))) {
                end--;
            }
            int inner = wrapped(start);
            if (inner < 0 || closing[inner] != end) {
                return current;
            }
            current = inner;
        }
    }

    /** The opening brace of a wrapper that begins here; -1 when none does. */
    private int wrapped(int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) == '\\' && at < start + 2) {
            at++;
        }
        int name = at;
        while (at < text.length() && at - name <= LONGEST_WRAPPER && Character.isLetter(text.charAt(at))) {
            at++;
        }
        boolean known = name > start && WRAPPERS.contains(text.substring(name, at));
        return known && at < text.length() && text.charAt(at) == '{' ? at : -1;
    }

    private int count(int open) {
        return skipSpace(open + 1) == closing[open] ? 0 : commas[open] + 1;
    }

    private List<String> items(int open) {
        List<String> items = new ArrayList<>();
        int from = open + 1;
        for (int i = from; i <= closing[open]; i++) {
            char c = text.charAt(i);
            if (c == '{') {
                i = closing[i];
            } else if (c == ',' || i == closing[open]) {
                items.add(text.substring(from, i));
                from = i + 1;
            }
        }
        return items;
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
