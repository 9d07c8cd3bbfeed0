/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * A prompt and what a model wrote after it. Training looks at what was written alone: each of its tokens is to follow from
 * all tokens before it.
 *
 * @param tokens prompt first; not copied, so leave them as they are
 * @param promptLength tokens of the prompt: at least 1, and less than there are tokens
 */
@SuppressWarnings("ArrayRecordComponent") // lists of boxed tokens would cost ten times the memory
public record Sequence(int[] tokens, int promptLength) {

    public Sequence {
        if (promptLength < 1 || promptLength >= tokens.length) {
            throw new IllegalArgumentException("a sequence of " + tokens.length + " tokens has a prompt of "
                    + promptLength + ": at least 1, and at least one token must follow it");
        }
    }

    /** How many tokens were written. */
    public int written() {
        return tokens.length - promptLength;
    }
}
