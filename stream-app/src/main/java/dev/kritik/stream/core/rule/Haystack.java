/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.Arrays;
import java.util.BitSet;

/** A text in which phrases are looked for, with what all looks at it need. Immutable. */
final class Haystack {

    /** Characters at each end of a text in which phrases may begin. */
    static final int EDGE = 16 << 10;

    /** Looked up rather than found out: it is asked of each character of each response. */
    private static final boolean[] ASCII_OF_WORD = new boolean[0x80];

    static {
        for (char c = 0; c < ASCII_OF_WORD.length; c++) {
            ASCII_OF_WORD[c] = Character.isLetterOrDigit(c);
        }
    }

    private final String text;
    private final int[] begins;
    private final int[] hashes;
    private final BitSet filter = new BitSet(1 << Grams.BITS);

    /** @param text {@link Plain} */
    Haystack(String text) {
        this.text = text;
        this.begins = begins(text);
        this.hashes = Grams.hashes(text);
        for (int hash : hashes) {
            filter.set(hash);
        }
    }

    String text() {
        return text;
    }

    /**
     * Where a phrase may begin, in order; not to be changed. Never within a word, for "signore" tells nobody to ignore anything,
     * and never with a blank.
     */
    int[] begins() {
        return begins;
    }

    /** The hash of the run of {@link Grams#LENGTH} characters that begins at a place; -1 where less is left. */
    int hash(int at) {
        return at < hashes.length ? hashes[at] : -1;
    }

    /** False if a literal, of which these are the hashes, does not stand in the text; true if it may. */
    boolean mayHave(int... literal) {
        for (int hash : literal) {
            if (!filter.get(hash)) {
                return false;
            }
        }
        return true;
    }

    private static int[] begins(String text) {
        int[] begins = new int[Math.min(text.length(), 2 * EDGE)];
        int count = 0;
        boolean wordBefore = false;
        for (int at = 0; at < text.length(); at++) {
            if (at == EDGE && text.length() - EDGE > at) {
                at = text.length() - EDGE;
                wordBefore = isOfWord(text.charAt(at - 1));
            }
            char c = text.charAt(at);
            boolean word = isOfWord(c);
            if (!(wordBefore && word) && c != ' ') {
                begins[count++] = at;
            }
            wordBefore = word;
        }
        return Arrays.copyOf(begins, count);
    }

    /** Digits, and letters of scripts that put blanks between words: Latin and Cyrillic, as far as phrases use them. */
    private static boolean isOfWord(char c) {
        if (c < 0x80) {
            return ASCII_OF_WORD[c];
        }
        return (c >= '\u00c0' && c <= '\u024f') || (c >= '\u0400' && c <= '\u052f');
    }
}
