/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.text.ChatMessage;

/** A model with a scalar head. Safe for many threads. */
@FunctionalInterface
public interface Rater {

    /**
     * Scores a conversation.
     *
     * @param id for logs
     * @return a finite number, higher is better; fails only if the model is broken
     */
    CompletableFuture<Answer<Double>> rate(String id, List<ChatMessage> turns);
}
