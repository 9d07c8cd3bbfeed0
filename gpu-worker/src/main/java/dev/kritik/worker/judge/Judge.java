/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.util.concurrent.CompletableFuture;

/** A generative model that writes principles, critique and scores. Implementations are safe for many threads. */
public interface Judge extends AutoCloseable {

    /** Kind of the judge, as critiques name it: {@code openai}, ... */
    String kind();

    /** The model, as critiques name it. */
    String model();

    /**
     * Asks for one text.
     *
     * @return completes with the text; or exceptionally with a {@link JudgeException}. Cancelling it ends the work where
     *     the backend allows. Implementations bound their own concurrency, honour the deadline and back off as the
     *     backend asks.
     */
    CompletableFuture<Completion> generate(Generation generation);

    @Override
    void close();
}
