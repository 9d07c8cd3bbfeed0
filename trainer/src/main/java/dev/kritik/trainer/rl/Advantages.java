/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.Arrays;

/** How much better an output was than the others of its group (GRPO): its reward minus the mean, over the deviation. */
final class Advantages {

    private Advantages() {}

    /**
     * The advantages of a group. The deviation is that of a sample, with one less than there are outputs below the fraction
     * line, as in TRL and verl; the paper doesn't say. Where all rewards are alike all advantages are 0, and no small number
     * is added to the deviation elsewhere.
     */
    static double[] of(double[] rewards) {
        double mean = Arrays.stream(rewards).average().orElse(0);
        double squares = Arrays.stream(rewards)
                .map(reward -> (reward - mean) * (reward - mean))
                .sum();
        if (flat(rewards)) {
            return new double[rewards.length];
        }
        double deviation = Math.sqrt(squares / (rewards.length - 1));
        return Arrays.stream(rewards).map(reward -> (reward - mean) / deviation).toArray();
    }

    /** Whether all rewards are alike. */
    static boolean flat(double[] rewards) {
        return Arrays.stream(rewards).allMatch(reward -> reward == rewards[0]);
    }
}
