/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.parse;

import java.util.List;

/** What the parser made of a judge's text. */
public sealed interface Parsed {

    /**
     * The scores, as the judge wrote them.
     *
     * @param values one score from 1 to 10 for each response, in the order in which the responses were shown
     */
    record Scores(List<Integer> values) implements Parsed {
        public Scores {
            values = List.copyOf(values);
        }
    }

    /**
     * No scores can be read. Nothing stands in for them.
     *
     * @param reason the kind of fault
     * @param detail the fault in words, for people
     */
    record Invalid(Reason reason, String detail) implements Parsed {}

    /** Why there are no scores; the names stand in the reason of a critique. */
    enum Reason {
        /** There is neither a box nor a line of scores in brackets. */
        NO_BOX,
        /** No box holds as many items as there are responses. */
        COUNT_MISMATCH,
        /** A whole number below 1 or above 10. */
        OUT_OF_RANGE,
        /** An item is no whole number. */
        NOT_NUMERIC,
        /** The text ends too early: at the limit of tokens, within a box, or within a thought. */
        TRUNCATED
    }
}
