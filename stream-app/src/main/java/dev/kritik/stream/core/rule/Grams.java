/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.Collection;

/**
 * Which runs of four characters a text has, as a Bloom filter with one hash: tells in some nanoseconds that none of a list of
 * literals stands in it.
 */
final class Grams {

    private static final int LENGTH = Literals.SHORTEST;
    private static final int INDEX_BITS = 14;

    private final long[] bits = new long[1 << (INDEX_BITS - 6)];

    Grams(String text) {
        for (int place : places(text)) {
            bits[place >> 6] |= 1L << place;
        }
    }

    /** Places of all runs of each literal, for {@link #mayHaveOneOf}. */
    static int[][] places(Collection<String> literals) {
        return literals.stream().map(Grams::places).toArray(int[][]::new);
    }

    private static int[] places(String text) {
        int[] places = new int[Math.max(0, text.length() - LENGTH + 1)];
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = (run << 8) | (text.charAt(i) & 0xff);
            if (i >= LENGTH - 1) {
                places[i - LENGTH + 1] = (run * 0x9E3779B1) >>> (32 - INDEX_BITS);
            }
        }
        return places;
    }

    /** False if none of the literals stands in the text; true if one may. */
    boolean mayHaveOneOf(int[][] literals) {
        for (int[] literal : literals) {
            if (hasAll(literal)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasAll(int[] places) {
        for (int place : places) {
            if ((bits[place >> 6] & (1L << place)) == 0) {
                return false;
            }
        }
        return true;
    }
}
