/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * The objective of GRPO (DeepSeekMath, arXiv 2402.03300), for each token
 * {@code min(rho A, clip(rho, 1 - clipLow, 1 + clipHigh) A) - klBeta * k3}, with rho the ratio of its probability to that
 * under the policy that wrote it, and {@code k3 = exp(ref - pi) - (ref - pi) - 1} of its log-probabilities.
 *
 * @param clipLow how far below 1 a ratio counts, in [0, 1]
 * @param clipHigh how far above 1, at least 0; larger than {@code clipLow} leaves more room for unlikely tokens
 * @param klBeta weight of the distance from the reference, at least 0
 * @param temperature that logits are divided by, above 0: that of the sampling
 * @param unbiasedKl multiplies k3 by rho, unclipped (DeepSeek-V3.2, arXiv 2512.02556): its gradient is then that of the
 *     divergence itself. TRL does so by default; the papers of GRPO and SPCT do not
 */
public record RlSettings(double clipLow, double clipHigh, double klBeta, double temperature, boolean unbiasedKl) {

    /** With k3 as the papers have it. */
    public RlSettings(double clipLow, double clipHigh, double klBeta, double temperature) {
        this(clipLow, clipHigh, klBeta, temperature, false);
    }

    public RlSettings {
        require(clipLow >= 0 && clipLow <= 1, "the lower clip is " + clipLow + ": from 0 to 1");
        require(clipHigh >= 0 && Double.isFinite(clipHigh), "the upper clip is " + clipHigh + ": at least 0");
        require(klBeta >= 0 && Double.isFinite(klBeta), "beta is " + klBeta + ": at least 0");
        require(temperature > 0 && Double.isFinite(temperature), "the temperature is " + temperature + ": above 0");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
