/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.util.concurrent.CompletableFuture;

/** What the worker does with tasks. Both methods return at once and may be called from several threads. */
public interface TaskHandler {

    /**
     * Starts on a task.
     *
     * @return completes normally once all results of the task stand acknowledged on the broker, and only then; completes
     *     exceptionally when the task is to be delivered again. The source cancels it when it has lost the task to
     *     another worker: work on it then stops, since its results would be duplicates.
     */
    CompletableFuture<Void> handle(Task task);

    /**
     * Answers a task that will not be delivered again although it was not handled, so that it does not vanish: with
     * results that say so.
     *
     * @param why how the last delivery ended
     * @return as {@link #handle}: completes normally once the answer stands acknowledged on the broker
     */
    CompletableFuture<Void> giveUp(Task task, Throwable why);

    /** Is told that the source fails at something that it may not be able to do ever. It tries again all the same. */
    default void sourceFailed(Throwable why) {}
}
