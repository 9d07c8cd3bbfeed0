/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * What a step did.
 *
 * @param gradNorm Euclidean norm of the whole gradient before it was clipped
 * @param skipped the gradient was not finite: the weights, the moments and the count of steps are as before, and the
 *     gradients are gone
 */
public record StepStats(double gradNorm, boolean skipped) {}
