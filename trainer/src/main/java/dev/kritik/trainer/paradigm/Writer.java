/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A language model that writes texts. Safe for many threads. */
@FunctionalInterface
public interface Writer {

    /**
     * Writes texts to one prompt.
     *
     * @param id for logs
     * @param prompt the user's turn
     * @param seeds one for each text
     * @return one for each seed; fails only if the model is broken
     */
    List<CompletableFuture<Answer<Text>>> write(String id, String prompt, List<Long> seeds);
}
