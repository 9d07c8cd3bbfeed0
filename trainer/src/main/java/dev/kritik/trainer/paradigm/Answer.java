/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

/**
 * What a model gave, or why it gave nothing. A model that is broken is neither: then the future of the answer fails.
 *
 * @param <T> what was asked for
 */
public sealed interface Answer<T> {

    /** Tokens that the model read. */
    long promptTokens();

    /** Tokens that the model wrote. */
    long writtenTokens();

    /** The value. */
    record Given<T>(T value, long promptTokens, long writtenTokens) implements Answer<T> {}

    /**
     * Nothing that could be used.
     *
     * @param reason in capitals: {@code PROMPT_TOO_LONG}, {@code NO_BOX}, ...
     */
    record None<T>(String reason, long promptTokens, long writtenTokens) implements Answer<T> {}
}
