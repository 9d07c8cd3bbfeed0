/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * AdamW (arXiv 1711.05101) as PyTorch computes it. Weights of norms and biases do not decay.
 *
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of their squares, in [0, 1)
 * @param epsilon added to the root of that mean, above 0
 * @param weightDecay share of a weight that a step takes away, for each unit of learning rate; at least 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

    public AdamW {
        require(beta1 >= 0 && beta1 < 1, "beta1 is " + beta1 + ": from 0 to below 1");
        require(beta2 >= 0 && beta2 < 1, "beta2 is " + beta2 + ": from 0 to below 1");
        require(epsilon > 0 && Double.isFinite(epsilon), "epsilon is " + epsilon + ": above 0");
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "the weight decay is " + weightDecay + ": at least 0");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
