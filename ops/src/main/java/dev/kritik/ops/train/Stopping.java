/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM end a training after its step, and holds the JVM back until its checkpoint is written. Whoever
 * can't wait sends SIGKILL: the last checkpoint is good then, too.
 */
final class Stopping implements AutoCloseable {

    /** A step of a large model, and its checkpoint, may take that long. */
    private static final Duration GRACE = Duration.ofMinutes(30);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable told;
    private final Thread hook = new Thread(this::ending, "train-stopping");
    private volatile boolean came;

    /**
     * From now on.
     *
     * @param told is run when the signal comes, to say what happens now
     */
    Stopping(Runnable told) {
        this.told = told;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process was told to end. */
    boolean came() {
        return came;
    }

    /** What the signal does. */
    void ending() {
        came = true;
        told.run();
        try {
            var unused = closed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The training has ended. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook is at work.
        }
    }
}
