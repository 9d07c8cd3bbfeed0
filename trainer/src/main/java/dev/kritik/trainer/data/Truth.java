/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

/** What is known of a query's responses, and judgements are held against. */
public sealed interface Truth {

    /**
     * Of several responses, which is the best.
     *
     * @param index from 0, in the order of the data
     */
    record Best(int index) implements Truth {}

    /**
     * Of a single response, its score.
     *
     * @param score from 1 to 10
     */
    record Score(int score) implements Truth {}
}
