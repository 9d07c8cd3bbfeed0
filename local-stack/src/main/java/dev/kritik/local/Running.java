/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A program that was started, whoever runs it. Not thread-safe. */
public interface Running extends AutoCloseable {

    /** Its process id on the machine that runs it; of the last process if it has ended. */
    long pid();

    /** Whether it runs. */
    boolean isAlive();

    /**
     * Waits until it is ready.
     *
     * @param ready asked again and again
     * @throws StackException if the program ends first or the time is over, with the end of its log
     */
    void awaitReady(BooleanSupplier ready, Duration timeout);

    /** Ends it at once, as kill -9 does, and waits until it is gone. */
    void kill();

    /** Ends it in order. */
    @Override
    void close();
}
