/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.kritik.lm.generate.GenerationException;

/**
 * Notices an engine that is gone for good. After some errors of CUDA every further call fails until the process ends; a
 * worker that went on would turn a whole queue into failures. Safe for many threads.
 */
public final class EngineWatch {

    /** So many failures with no result between them are no accident; running out of memory once is. */
    static final int FAILURES = 5;

    private static final Logger LOGGER = LoggerFactory.getLogger(EngineWatch.class);

    private final String model;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private Throwable last;
    private int failures;

    /** A watch for a model of this name. */
    public EngineWatch(String model) {
        this.model = model;
    }

    /** Looks at a result of the engine, which it gives back. */
    public <T> CompletableFuture<T> over(CompletableFuture<T> result) {
        var unused = result.whenComplete((value, failure) -> {
            if (failure == null) {
                succeeded();
            } else {
                failed(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return result;
    }

    private synchronized void succeeded() {
        failures = 0;
    }

    private synchronized void failed(Throwable failure) {
        // One failure of the engine ends all texts that it was writing. What has no cause is about one text: values
        // that
        // are no numbers, say.
        boolean engine = failure instanceof GenerationException e
                && e.reason() == GenerationException.Reason.ENGINE
                && e.getCause() != null;
        if (!engine || failure.equals(last)) {
            return;
        }
        last = failure;
        failures++;
        if (failures == FAILURES && !gone.isDone()) {
            LOGGER.atError()
                    .addKeyValue("model", model)
                    .addKeyValue("failures", failures)
                    .setCause(failure)
                    .log("the engine fails again and again; only a new process can help");
            gone.complete(null);
        }
    }

    /** Completes when the engine is taken to be gone. */
    public CompletionStage<Void> gone() {
        return gone.minimalCompletionStage();
    }
}
