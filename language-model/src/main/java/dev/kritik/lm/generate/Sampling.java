/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.List;

/**
 * How tokens are drawn and when a text ends.
 *
 * @param temperature logits are divided by it, from 0.001 to 100; 0: always the likeliest token
 * @param topK only the likeliest so many tokens; 0: all
 * @param topP only the likeliest tokens that together reach this probability, in (0, 1]; 1: all. As in Hugging Face
 *     transformers, after temperature and top-k; the token that reaches it is kept
 * @param maxTokens most tokens to write, at least 1
 * @param stop texts that end the generation; the first that appears is cut off together with what follows
 */
public record Sampling(double temperature, int topK, double topP, int maxTokens, List<String> stop) {

    public Sampling {
        stop = List.copyOf(stop);
        require(
                temperature == 0 || (temperature >= 0.001 && temperature <= 100),
                "temperature is " + temperature + ": 0 (the likeliest token), or from 0.001 to 100");
        require(topK >= 0, "top-k is " + topK + ": 0 (all) or more");
        require(topP > 0 && topP <= 1, "top-p is " + topP + ": above 0, up to 1");
        require(maxTokens >= 1, "max tokens is " + maxTokens + ": at least 1");
        require(stop.stream().noneMatch(String::isEmpty), "a stop text is empty");
    }

    /** The likeliest token each time. */
    public static Sampling greedy(int maxTokens) {
        return new Sampling(0, 0, 1, maxTokens, List.of());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
