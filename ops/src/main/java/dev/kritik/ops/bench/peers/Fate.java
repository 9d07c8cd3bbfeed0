/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

/** What became of a rollout, seen from the trainer. */
enum Fate {
    /** The judge's own score. */
    RIGHT,
    /** A number that could be a score of the judge, and is not its score of this rollout. */
    WRONG,
    /** A number that the judge never gives: made up without an answer. */
    DEFAULT,
    /** No number, and it was said so. */
    SAID,
    /** Nothing at all by the end of the run, or by its limit. */
    LOST;

    private static final int LEAST = 1;
    private static final int MOST = 10;

    /**
     * Judges what was told.
     *
     * @param told null if nothing was
     */
    static Fate of(Item item, Told told) {
        if (told == null) {
            return LOST;
        }
        Double reward = told.reward();
        if (reward == null || reward.isNaN()) {
            return SAID;
        }
        if (reward == item.expected()) {
            return RIGHT;
        }
        // What lies between two scores could be a mean of them.
        return reward >= LEAST && reward <= MOST ? WRONG : DEFAULT;
    }
}
