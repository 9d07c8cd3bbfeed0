/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.List;

/**
 * A query with candidate responses whose quality is known: exactly one is the best.
 *
 * @param id unique within its split and seed
 * @param kind what is asked
 * @param operands what it is about; the same in another order is the same content
 * @param query the user's message
 * @param answer the right answer, alone
 * @param candidates one to eight
 */
public record MicroTask(
        String id, Kind kind, List<String> operands, String query, String answer, List<Candidate> candidates) {

    /** The place of the best candidate, from 0. */
    public int best() {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i).severity() < candidates.get(best).severity()) {
                best = i;
            }
        }
        return best;
    }

    /** The true score of the only candidate: the middle of its band, 1 to 10. */
    public int score() {
        return Bands.label(candidates.getFirst().severity());
    }
}
