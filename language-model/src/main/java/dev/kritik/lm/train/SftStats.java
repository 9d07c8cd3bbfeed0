/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * What a batch gave.
 *
 * @param lossSum the sum of -log p over the written tokens, in nats, without any weight
 * @param tokens written tokens
 * @param correct how many of them are the model's likeliest
 */
public record SftStats(double lossSum, int tokens, int correct) {}
