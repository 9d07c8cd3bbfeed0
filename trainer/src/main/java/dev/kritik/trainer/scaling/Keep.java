/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.scaling;

/** How many of the valid samples count: those with the highest logits of the Meta RM. */
public enum Keep {
    /** Voting alone. */
    ALL,
    /** k_meta = k/2: half of the valid ones, rounded down, at least one. */
    HALF,
    /** k_meta = 1: the one with the highest logit. */
    ONE;

    int of(int valid) {
        return switch (this) {
            case ALL -> valid;
            case HALF -> Math.max(1, valid / 2);
            case ONE -> 1;
        };
    }
}
