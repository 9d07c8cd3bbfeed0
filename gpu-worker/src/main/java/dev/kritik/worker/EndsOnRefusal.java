/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.config.Refusal;
import dev.kritik.worker.task.Task;
import dev.kritik.worker.task.TaskHandler;

/**
 * Notices when brokers don't let the worker read or write, for lack of a right: every further try would fail, too, and use
 * up deliveries of requests that others could handle.
 *
 * @param handler does the work
 * @param kafka names the user
 * @param end is told why; may be told several times
 */
record EndsOnRefusal(TaskHandler handler, KafkaSettings kafka, Consumer<String> end) implements TaskHandler {

    @Override
    public CompletableFuture<Void> handle(Task task) {
        return watched(handler.handle(task));
    }

    @Override
    public CompletableFuture<Void> giveUp(Task task, Throwable why) {
        return watched(handler.giveUp(task, why));
    }

    @Override
    public void sourceFailed(Throwable why) {
        Refusal.in(why, kafka).map(Refusal::message).ifPresent(end);
    }

    /** The same future: whoever cancels it cancels the work. */
    private CompletableFuture<Void> watched(CompletableFuture<Void> work) {
        var unused = work.whenComplete((done, failure) -> {
            if (failure != null) {
                sourceFailed(failure);
            }
        });
        return work;
    }
}
