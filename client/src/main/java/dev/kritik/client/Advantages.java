/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.util.Arrays;

/**
 * How much better a member is than the others of its group, from the rewards of the group (GRPO, arXiv 2402.03300).
 *
 * @param baseline what a reward is held against
 * @param byDeviation whether the difference is divided by the deviation of the group's rewards. Without it (Dr. GRPO, arXiv
 *     2503.20783) groups whose rewards are close together don't weigh as much as others
 */
public record Advantages(Baseline baseline, boolean byDeviation) {

    /** GRPO's: reward minus mean, over the deviation. */
    public static final Advantages GRPO = new Advantages(Baseline.MEAN, true);

    /** What a reward is held against. */
    public enum Baseline {
        /** The mean of the group. */
        MEAN,
        /** The mean of the other members (RLOO, arXiv 2402.14740). */
        LEAVE_ONE_OUT
    }

    /**
     * The advantages of a group.
     *
     * <p>The deviation is that of a sample, with one less than there are rewards below the fraction line, as in TRL and verl,
     * and no small number is added to it. Where all rewards are alike, or there is but one, all advantages are 0.
     *
     * <p>With {@link Baseline#MEAN} these are TRL's for {@code scale_rewards="group"}, or {@code "none"} without the deviation,
     * but for the 1e-4 that TRL adds to the deviation: its advantages are these times deviation / (deviation + 1e-4).
     *
     * @param rewards not a number (NaN) for a member without one: it has no advantage, and the others are reckoned without it
     * @return not a number where there is no reward
     */
    public double[] of(double[] rewards) {
        double[] there =
                Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
        boolean flat = flat(rewards);
        double mean = Arrays.stream(there).average().orElse(0);
        double squares = Arrays.stream(there)
                .map(reward -> (reward - mean) * (reward - mean))
                .sum();
        // The mean of the others is farther away by this factor.
        double scale = baseline == Baseline.LEAVE_ONE_OUT ? (double) there.length / (there.length - 1) : 1;
        double deviation = byDeviation ? Math.sqrt(squares / (there.length - 1)) : 1;
        return Arrays.stream(rewards)
                .map(reward -> Double.isNaN(reward) ? reward : flat ? 0 : (reward - mean) * scale / deviation)
                .toArray();
    }

    /** Whether there is nothing to learn from comparing them: all rewards that are there are alike, or fewer than two are. */
    public static boolean flat(double[] rewards) {
        return Arrays.stream(rewards)
                        .filter(reward -> !Double.isNaN(reward))
                        .distinct()
                        .count()
                < 2;
    }
}
