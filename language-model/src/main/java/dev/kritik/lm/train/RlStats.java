/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * What a batch gave.
 *
 * @param loss the sum of the token's losses, each times its weight; to be minimised
 * @param kl k3 against the reference, mean over the tokens; 0 without a reference
 * @param clipFraction share of the tokens whose gradient a clip has cut off, but for that of the distance. With a ratio for
 *     each sequence all its tokens are; TRL counts sequences then, and leaves out those cut off by {@link
 *     RlSettings#dualClip()}
 * @param ratioMax largest ratio, of a token or a sequence, of the probability to that under the policy that wrote it; before
 *     any clip
 * @param entropy of the distributions that the tokens were drawn from, in nats at the temperature of the loss, mean over the
 *     tokens
 * @param tokens written tokens
 */
public record RlStats(double loss, double kl, double clipFraction, double ratioMax, double entropy, int tokens) {}
