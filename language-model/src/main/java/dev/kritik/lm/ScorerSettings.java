/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import java.time.Duration;

/**
 * Bounds of a scorer.
 *
 * @param maxBatchTokens most tokens that are computed at once, with what fills rows up to the longest; a single longer
 *     text goes alone. Bounds the memory of a step
 * @param gather how long a first text waits for others
 * @param maxQueue most texts that wait; at least 1
 */
public record ScorerSettings(int maxBatchTokens, Duration gather, int maxQueue) {

    public ScorerSettings {
        if (maxBatchTokens < 16) {
            throw new IllegalArgumentException("max batch tokens is " + maxBatchTokens + ": at least 16");
        }
        if (gather.isNegative()) {
            throw new IllegalArgumentException("gather is negative");
        }
        if (maxQueue < 1) {
            throw new IllegalArgumentException("max queue is " + maxQueue + ": at least 1");
        }
    }

    /** 8,192 tokens at once. */
    public static ScorerSettings defaults() {
        return new ScorerSettings(8192, Duration.ofMillis(5), 100_000);
    }
}
