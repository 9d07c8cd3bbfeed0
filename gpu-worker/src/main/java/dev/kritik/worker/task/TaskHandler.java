/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.util.concurrent.CompletableFuture;

/** What the worker does with a task. */
@FunctionalInterface
public interface TaskHandler {

    /**
     * Starts on a task and returns at once; may be called from several threads.
     *
     * @return completes normally once all results of the task stand acknowledged on the broker, and only then; completes
     *     exceptionally when the task is to be delivered again. The source cancels it when it has lost the task to
     *     another worker: work on it then stops, since its results would be duplicates.
     */
    CompletableFuture<Void> handle(Task task);
}
