/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

/**
 * A finished text.
 *
 * @param text what the tokens say, without what ended it (end token, stop text)
 * @param tokens the sampled tokens, with the end token where there was one
 * @param logProbs for each token, the natural logarithm of its probability under the model at the sampling's
 *     temperature (at 1 where that is 0), before top-k and top-p
 * @param finish why it ended
 * @param promptTokens tokens of the prompt
 * @param sharedTokens how many of them were computed together with, or before by, other requests
 * @param computeMillis milliseconds from the moment at which it had a row; waiting for one left out, the computing of other
 *     prompts in between not
 */
@SuppressWarnings("ArrayRecordComponent") // lists of boxed tokens would cost ten times the memory
public record Generated(
        String text,
        int[] tokens,
        float[] logProbs,
        Finish finish,
        int promptTokens,
        int sharedTokens,
        long computeMillis) {

    /** Why a text ended. */
    public enum Finish {
        /** An end token, or a stop text. */
        STOP,
        /** As many tokens as were asked for, or as the context holds. */
        LENGTH
    }
}
