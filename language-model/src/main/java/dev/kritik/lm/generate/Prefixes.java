/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What prompts have in common. */
final class Prefixes {

    /** Below this many tokens, sharing costs more than it saves. */
    static final int LEAST = 8;

    private Prefixes() {}

    /** How many tokens two prompts begin with alike. */
    static int common(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    /**
     * The best beginning of a prompt to compute once for it and for others.
     *
     * @param shared its tokens; 0: there is none worth sharing
     * @param others indices of the prompts that begin so
     */
    record Choice(int shared, List<Integer> others) {

        static final Choice NONE = new Choice(0, List.of());

        /** Tokens that need not be computed, for each prompt that begins so. */
        double saved() {
            return Prefixes.saved(shared, others.size());
        }
    }

    /**
     * Chooses the length that saves most for each prompt that shares it: long with a few others is better than short with
     * many, for the many find better company among themselves.
     */
    static Choice choose(int[] first, List<int[]> others) {
        int[] common = others.stream().mapToInt(other -> common(first, other)).toArray();
        int[] lengths =
                Arrays.stream(common).filter(length -> length >= LEAST).sorted().toArray();
        Choice best = Choice.NONE;
        double most = 0;
        for (int i = lengths.length - 1; i >= 0; i--) {
            int with = lengths.length - i;
            double saved = saved(lengths[i], with);
            if (saved > most && (i == 0 || lengths[i - 1] < lengths[i])) {
                most = saved;
                best = new Choice(lengths[i], having(common, lengths[i]));
            }
        }
        return best;
    }

    private static double saved(int shared, int others) {
        return (double) shared * others / (others + 1);
    }

    private static List<Integer> having(int[] common, int length) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < common.length; i++) {
            if (common[i] >= length) {
                indices.add(i);
            }
        }
        return List.copyOf(indices);
    }
}
