/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

/**
 * Where tasks come from. Delivery is at least once: a task whose handling ended normally is acknowledged, any other is
 * delivered again, here or elsewhere, a limited number of times; then {@link TaskHandler#giveUp} answers it.
 */
public interface TaskSource extends AutoCloseable {

    /** Starts handing tasks to the handler, at most as many at once as the source has slots. Called once. */
    void start(TaskHandler handler);

    /** Whether it is a live member of its group, so that tasks can reach it. */
    boolean ready();

    /**
     * Takes no further tasks, waits a bounded time for those in hand, gives the rest back, and frees all threads and
     * connections.
     */
    @Override
    void close();
}
