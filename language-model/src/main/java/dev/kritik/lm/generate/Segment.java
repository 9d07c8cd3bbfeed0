/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.Arrays;

/** The beginning that the rows of a group share; stays for later texts as long as there is room. */
final class Segment {

    final long id;
    final int[] tokens;
    /** Tokens that are computed. */
    int filled;
    /** When it was last used, in steps of the generator. */
    long used;

    Segment(long id, int[] prompt, int length) {
        this.id = id;
        this.tokens = Arrays.copyOf(prompt, length);
    }

    boolean ready() {
        return filled == tokens.length;
    }

    /** Whether a prompt begins with it. */
    boolean begins(int[] prompt) {
        return prompt.length >= tokens.length && Arrays.equals(prompt, 0, tokens.length, tokens, 0, tokens.length);
    }
}
