/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.List;

/** How a response is dressed up around its answer. No merit and no fault, but judges let it lead them astray. */
public enum Manner {
    /** The answer alone. */
    PLAIN(List.of(""), List.of("")),
    /** A friendly word before or behind. */
    POLITE(List.of("Gladly! ", "Of course, my pleasure: "), List.of("", " I hope this helps!")),
    /** Words that add nothing. */
    WORDY(List.of("The answer that you asked for is this: ", "After much thought, this: "), List.of("")),
    /** Loud praise of itself. */
    PROUD(List.of("Perfect answer: "), List.of("", " This is surely right."));

    private final List<String> before;
    private final List<String> behind;

    Manner(List<String> before, List<String> behind) {
        this.before = before;
        this.behind = behind;
    }

    String dress(String answer, Draw draw) {
        return draw.one(before) + answer + draw.one(behind);
    }
}
