/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last line of a prompt whose judge is told the known answer (hinted sampling, arXiv 2504.02495): only for making
 * training data. It is put behind a finished prompt, so prompts without a hint are what they always were.
 */
public final class HintLine {

    private static final Template WORDS = Template.load("hint-v1");

    private HintLine() {}

    /**
     * The line for one sample; empty when there is nothing to tell: without a hint, when the panel does not hold the
     * best response, and when it holds nothing else.
     *
     * @param best group index of the best response; may be null
     * @param score the right score of the only response; may be null
     * @param order group indices of the responses in the order in which the sample shows them
     */
    public static Optional<String> of(Integer best, Integer score, List<Integer> order) {
        if (order.size() == 1) {
            return Optional.ofNullable(score)
                    .map(right -> WORDS.fill("score", Map.of("score", Integer.toString(right))));
        }
        int place = best == null ? -1 : order.indexOf(best);
        return place < 0
                ? Optional.empty()
                : Optional.of(WORDS.fill("best", Map.of("place", Integer.toString(place + 1))));
    }

    /** A prompt with its line behind it, if there is one. */
    public static String under(String prompt, Optional<String> line) {
        return line.map(hint -> prompt + "\n\n" + hint).orElse(prompt);
    }
}
