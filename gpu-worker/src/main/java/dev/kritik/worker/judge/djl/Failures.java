/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.text.PromptException;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;

/** What failures of a model in this process mean to those who wait for a judge or a Meta RM. */
public final class Failures {

    private Failures() {}

    /**
     * The model's result in the worker's terms.
     *
     * @param model what the model gives, or fails with
     * @param mapping quick, for it runs on the model's thread
     * @return completes with the mapped result, or with a {@link JudgeException}; cancelling it cancels the model's work
     */
    public static <A, B> CompletableFuture<B> translate(CompletableFuture<A> model, Function<A, B> mapping) {
        CompletableFuture<B> result = new CompletableFuture<>();
        var unusedModel = model.whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(of(failure));
                return;
            }
            try {
                result.complete(mapping.apply(value));
            } catch (RuntimeException e) {
                result.completeExceptionally(of(e));
            }
        });
        var unusedResult = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                model.cancel(true);
            }
        });
        return result;
    }

    /** The same failure in the worker's terms. */
    public static JudgeException of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case JudgeException known -> known;
            case GenerationException generation -> of(generation);
            case PromptException prompt ->
                new JudgeException(Reason.PROMPT_REFUSED, false, prompt.getMessage(), prompt);
            default ->
                new JudgeException(
                        Reason.JUDGE_ERROR, false, "the model in this process failed unexpectedly: " + cause, cause);
        };
    }

    private static JudgeException of(GenerationException e) {
        return switch (e.reason()) {
            case PROMPT_TOO_LONG -> new JudgeException(Reason.PROMPT_TOO_LONG, false, e.getMessage(), e);
            case DEADLINE -> new JudgeException(Reason.DEADLINE, false, e.getMessage(), e);
            case ENGINE, BUSY -> new JudgeException(Reason.JUDGE_ERROR, true, e.getMessage(), e);
            case CLOSED -> new JudgeException(Reason.JUDGE_ERROR, false, e.getMessage(), e);
        };
    }
}
