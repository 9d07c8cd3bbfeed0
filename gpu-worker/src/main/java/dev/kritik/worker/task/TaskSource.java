/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.time.Duration;

/**
 * Where tasks come from. Delivery is at least once: a task whose handling ended normally is acknowledged, any other is
 * delivered again, here or elsewhere, a limited number of times; then {@link TaskHandler#giveUp} answers it.
 */
public interface TaskSource {

    /** Starts handing tasks to the handler, at most as many at once as the source has slots. Called once. */
    void start(TaskHandler handler);

    /** Whether it is a live member of its group, so that tasks can reach it. */
    default boolean ready() {
        return connected() > 0;
    }

    /** How many of its slots tasks can reach. */
    int connected();

    /**
     * Takes no further tasks, waits for those in hand, gives back those that are not done by the end of the grace, and
     * frees all threads and connections.
     */
    void close(Duration grace);
}
