/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * A sampled text with what reinforcement learning needs to know of it.
 *
 * @param sequence prompt and sample
 * @param advantage how much better it was than the other samples of its group
 * @param oldLogProbs for each written token, its log-probability under the policy that wrote it, at the temperature at which
 *     the loss is computed
 * @param refLogProbs the same under the frozen reference; may be empty where {@link RlSettings#klBeta()} is 0
 * @param tokenWeight weight of each written token in the loss. With 1/(G |o|), |o| being the written tokens and G the
 *     samples of the step, each sample counts alike, as in the GRPO paper (TRL's {@code loss_type} "grpo"); with 1/(all
 *     written tokens of the step), each token does ("dapo", and "bnpo" for a step of one batch); with 1/(G times a constant)
 *     too, and no length is divided by ("dr_grpo"). A step's micro-batches add up when the weights are those of the step
 */
@SuppressWarnings("ArrayRecordComponent") // one number a token, handed on to native code
public record RlSequence(
        Sequence sequence, double advantage, float[] oldLogProbs, float[] refLogProbs, double tokenWeight) {

    public RlSequence {
        int written = sequence.written();
        if (oldLogProbs.length != written || (refLogProbs.length != 0 && refLogProbs.length != written)) {
            throw new IllegalArgumentException("a sample of " + written + " tokens has " + oldLogProbs.length
                    + " old and " + refLogProbs.length + " reference log-probabilities: one for each token");
        }
    }
}
