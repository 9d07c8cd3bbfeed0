/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.scaling;

import java.util.List;

/**
 * One critique of a task.
 *
 * @param scores of the responses in the order of the data; empty when none could be read
 * @param logit of the Meta RM; NaN when none ran
 */
public record Sample(List<Integer> scores, double logit) {

    public Sample {
        scores = List.copyOf(scores);
    }

    boolean valid() {
        return !scores.isEmpty();
    }
}
