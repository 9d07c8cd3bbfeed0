/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.List;

/** What a recorded judge answers from. Implementations are immutable. */
public interface Recording {

    /**
     * What is asked.
     *
     * @param model the model that the request names
     * @param prompt the texts of all messages
     * @param sample which sample of which group it is for; null when the request does not say
     * @param seed the request's seed, 0 when it has none
     */
    record Question(String model, String prompt, SampleId sample, long seed) {

        /** The number of the sample; when the request does not say, the seed chooses among the recorded ones. */
        int sample(int recorded) {
            return sample == null ? (int) Math.floorMod(seed, (long) recorded) : sample.sample();
        }
    }

    /** What comes of a question. */
    sealed interface Answer {}

    /**
     * A recorded text.
     *
     * @param finishReason why its writer stopped
     * @param promptTokens recorded number; null when none is on record
     * @param completionTokens recorded number; null when none is on record
     */
    record Text(String text, String finishReason, Long promptTokens, Long completionTokens) implements Answer {}

    /**
     * A recorded logit of a Meta RM.
     *
     * @param value any real number
     */
    record Logit(double value) implements Answer {}

    /**
     * No answer.
     *
     * @param status HTTP status
     * @param message why, and what to do
     */
    record Refusal(int status, String message) implements Answer {}

    /** What stands on record here, in one sentence. */
    String about();

    /** The models that a request may name. */
    List<String> models();

    /** The answer of the judge. */
    Answer critique(Question question);

    /** The answer of the Meta RM. */
    Answer logit(Question question);
}
