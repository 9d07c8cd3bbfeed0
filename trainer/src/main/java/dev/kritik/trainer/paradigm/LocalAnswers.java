/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import dev.kritik.lm.generate.GenerationException;

/** What failures of a model in this process mean: some are about one text, others about the model. */
final class LocalAnswers {

    private LocalAnswers() {}

    static <T> CompletableFuture<Answer<T>> none(String reason, long promptTokens) {
        return CompletableFuture.completedFuture(new Answer.None<>(reason, promptTokens, 0));
    }

    static <M, T> CompletableFuture<Answer<T>> of(
            CompletableFuture<M> model, long promptTokens, Function<M, Answer<T>> mapping) {
        // Elsewhere, for what hangs on an answer must not hold up the model's own thread.
        return model.handleAsync(
                (value, failure) -> failure == null ? mapping.apply(value) : none(failure, promptTokens));
    }

    private static <T> Answer<T> none(Throwable failure, long promptTokens) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GenerationException e) {
            switch (e.reason()) {
                case PROMPT_TOO_LONG -> {
                    return new Answer.None<>("PROMPT_TOO_LONG", promptTokens, 0);
                }
                case ENGINE -> {
                    if (e.getCause() == null) { // values of this one text that are no numbers
                        return new Answer.None<>("NOT_FINITE", promptTokens, 0);
                    }
                }
                case DEADLINE, BUSY, CLOSED -> {}
            }
        }
        throw new CompletionException(cause);
    }
}
