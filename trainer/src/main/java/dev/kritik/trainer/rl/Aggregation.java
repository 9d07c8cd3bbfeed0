/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

/**
 * How the losses of a step's tokens become one: each token's is multiplied by a weight, and all are added up. The weights are
 * those of the step, so its micro-batches, however they are cut, add up to the same loss and gradients.
 *
 * <p>Outputs that aren't learnt from may be left out of the sum and still be counted: they are then as good as outputs with
 * no advantage, but for the distance from the reference. TRL keeps outputs without a reward in its batch, and counts them.
 */
public enum Aggregation {

    /** The mean over an output's tokens, then over the outputs: GRPO's paper; TRL's {@code loss_type="grpo"}. */
    SEQUENCE,

    /**
     * The mean over all tokens, so that long outputs count for more (DAPO, arXiv 2503.14476): TRL's {@code "dapo"}, and its
     * {@code "bnpo"} where the step is one batch of one process.
     */
    TOKEN,

    /**
     * The sum over an output's tokens divided by a constant, the most tokens there may be, then the mean over the outputs:
     * no token weighs less for standing in a long output (Dr. GRPO, arXiv 2503.20783); TRL's {@code "dr_grpo"} with that
     * number as {@code max_completion_length}. Losses are small where outputs end long before the limit.
     */
    CONSTANT;

    /**
     * The weight of each token of an output.
     *
     * @param written tokens of the output
     * @param outputs of the step
     * @param tokens of all outputs of the step
     * @param maxTokens the most that an output may have
     * @throws IllegalArgumentException if one of them is less than 1
     */
    public double weight(int written, int outputs, long tokens, int maxTokens) {
        if (written < 1 || outputs < 1 || tokens < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("an output of " + written + " tokens among " + outputs + " of " + tokens
                    + " tokens, at most " + maxTokens + " each: there must be at least 1 of each");
        }
        return switch (this) {
            case SEQUENCE -> 1.0 / ((double) outputs * written);
            case TOKEN -> 1.0 / tokens;
            case CONSTANT -> 1.0 / ((double) outputs * maxTokens);
        };
    }
}
