/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.time.Duration;

/**
 * Bounds of a generator.
 *
 * @param maxRows most texts that are written at once, at least 1
 * @param cacheTokens most tokens that caches hold, over all texts at once (what is shared counts once, and a text from its
 *     begin as it could come to be); 0: as many as {@code maxRows} texts with a full context would need, but no more than
 *     fit into a quarter of the memory on a CPU, or into 8 GiB on a GPU. While a block of memory grows, one layer of it is
 *     there twice
 * @param prefillChunk most tokens of prompts that are computed in one step; bounds the memory of a step, and how long the
 *     running texts wait for a new prompt
 * @param gather how long a first request waits for others that begin alike
 * @param maxQueue most requests that wait; at least 1
 */
public record GeneratorSettings(int maxRows, long cacheTokens, int prefillChunk, Duration gather, int maxQueue) {

    public GeneratorSettings {
        require(maxRows >= 1 && maxRows <= 4096, "max rows is " + maxRows + ": from 1 to 4096");
        require(cacheTokens >= 0, "cache tokens is " + cacheTokens + ": 0 or more");
        require(prefillChunk >= 16, "prefill chunk is " + prefillChunk + ": at least 16");
        require(!gather.isNegative(), "gather is negative");
        require(maxQueue >= 1, "max queue is " + maxQueue + ": at least 1");
    }

    /** 32 texts at once. */
    public static GeneratorSettings defaults() {
        return new GeneratorSettings(32, 0, 2048, Duration.ofMillis(5), 100_000);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
