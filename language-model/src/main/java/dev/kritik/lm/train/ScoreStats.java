/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * What a batch gave.
 *
 * @param lossSum the sum of the binary cross-entropies, in nats, without any weight
 * @param correct texts whose score is above 0 and whose label is above one half, or neither
 * @param texts how many there were
 */
public record ScoreStats(double lossSum, int correct, int texts) {}
