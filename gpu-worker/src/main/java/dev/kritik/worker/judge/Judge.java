/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.kritik.worker.prompt.PromptVersion;

/** A generative model that writes principles, critique and scores. Implementations are safe for many threads. */
public interface Judge extends AutoCloseable {

    /** Kind of the judge, as critiques name it: {@code openai}, ... */
    String kind();

    /** The model, as critiques name it. */
    String model();

    /** The wording of the prompt that it was trained on; empty when it says none. */
    default Optional<PromptVersion> prompt() {
        return Optional.empty();
    }

    /**
     * Asks for one text.
     *
     * @return completes with the text; or exceptionally with a {@link JudgeException}. Cancelling it ends the work where
     *     the backend allows. Implementations bound their own concurrency, honour the deadline and back off as the
     *     backend asks. One that takes no requests at all ends as {@code UNAVAILABLE} when the patience is over, and not
     *     before; one that only is slow, or busy while others' requests succeed, never does.
     */
    CompletableFuture<Completion> generate(Generation generation);

    /**
     * Completes when it can never answer again, so that the process must end and be started anew. A server may always come
     * back: then never.
     */
    default CompletionStage<Void> gone() {
        return new CompletableFuture<>();
    }

    /** Whether it took none of the last requests, though it may take the next: a server that is down, or has no room. */
    default boolean away() {
        return false;
    }

    @Override
    void close();
}
