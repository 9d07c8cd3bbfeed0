/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * The objective of GRPO (DeepSeekMath, arXiv 2402.03300), for each token
 * {@code min(rho A, clip(rho, 1 - clipLow, 1 + clipHigh) A) - klBeta * k3}, with rho the ratio of its probability to that
 * under the policy that wrote it, and {@code k3 = exp(ref - pi) - (ref - pi) - 1} of its log-probabilities.
 *
 * <p>Names in TRL's {@code GRPOConfig}, whose losses and gradients these are: {@code epsilon}, {@code epsilon_high},
 * {@code beta}, {@code temperature}, {@code use_bias_correction_kl}, {@code importance_sampling_level}, {@code delta}. Its
 * {@code loss_type} is {@link RlSequence#tokenWeight()} here.
 *
 * @param clipLow how far below 1 a ratio counts, in [0, 1]
 * @param clipHigh how far above 1, at least 0; larger than {@code clipLow} leaves more room for unlikely tokens
 * @param klBeta weight of the distance from the reference, at least 0
 * @param temperature that logits are divided by, above 0: that of the sampling
 * @param unbiasedKl multiplies k3 by rho, unclipped (DeepSeek-V3.2, arXiv 2512.02556): its gradient is then that of the
 *     divergence itself. TRL does so by default; the papers of GRPO and SPCT do not
 * @param sequenceRatio whether rho is one number for all tokens of a sequence (GSPO, arXiv 2507.18071): the geometric mean of
 *     their ratios. It is much nearer to 1, so its clips are of the order of 1e-4. TRL's level "sequence", else "token"
 * @param dualClip the largest ratio that counts for a negative advantage (arXiv 1912.09729), 0 for none: without one, a
 *     token that has become far likelier and was bad moves the weights without bound. At least {@code 1 + clipHigh}
 */
public record RlSettings(
        double clipLow,
        double clipHigh,
        double klBeta,
        double temperature,
        boolean unbiasedKl,
        boolean sequenceRatio,
        double dualClip) {

    /** With k3 as the papers have it. */
    public RlSettings(double clipLow, double clipHigh, double klBeta, double temperature) {
        this(clipLow, clipHigh, klBeta, temperature, false);
    }

    /** With a ratio for each token, and clipped as in GRPO alone. */
    public RlSettings(double clipLow, double clipHigh, double klBeta, double temperature, boolean unbiasedKl) {
        this(clipLow, clipHigh, klBeta, temperature, unbiasedKl, false, 0);
    }

    public RlSettings {
        require(clipLow >= 0 && clipLow <= 1, "the lower clip is " + clipLow + ": from 0 to 1");
        require(clipHigh >= 0 && Double.isFinite(clipHigh), "the upper clip is " + clipHigh + ": at least 0");
        require(klBeta >= 0 && Double.isFinite(klBeta), "beta is " + klBeta + ": at least 0");
        require(temperature > 0 && Double.isFinite(temperature), "the temperature is " + temperature + ": above 0");
        require(
                dualClip == 0 || (dualClip >= 1 + clipHigh && Double.isFinite(dualClip)),
                "the dual clip is " + dualClip + ": 0 for none, or at least 1 + the upper clip, " + (1 + clipHigh));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
