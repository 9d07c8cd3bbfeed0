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

    /**
     * Stops it where it stands, as kill -STOP does: its connections stay, and it answers nothing. It can still be killed or
     * closed. Does nothing while it is paused.
     *
     * @throws StackException if it doesn't run, or can't be paused here
     */
    default void pause() {
        throw new StackException("This program can't be paused: it doesn't run as a process of this machine.");
    }

    /** Lets it go on after {@link #pause}; does nothing if it is not paused. */
    default void resume() {}

    /** Ends it in order. */
    @Override
    void close();
}
