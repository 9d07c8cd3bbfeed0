/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.List;

/** How a response is dressed up around its answer. No merit and no fault, but judges let it lead them astray. */
public enum Manner {
    /** The answer alone. */
    PLAIN(List.of("")),
    /** A friendly word before. */
    POLITE(List.of("Gladly: ", "With pleasure: ")),
    /** Words that add nothing. */
    WORDY(List.of("After much thought: ", "The answer that you asked for: ")),
    /** Loud praise of itself. */
    PROUD(List.of("Perfect answer: "));

    @SuppressWarnings("ImmutableEnumChecker") // it is: List.of
    private final List<String> before;

    Manner(List<String> before) {
        this.before = List.copyOf(before);
    }

    /** The answer in all ways of this manner. */
    List<String> dresses(String answer) {
        return before.stream().map(words -> words + answer).toList();
    }

    String dress(String answer, Draw draw) {
        return draw.one(before) + answer;
    }
}
