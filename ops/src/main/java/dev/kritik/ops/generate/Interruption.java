/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C end what runs, and holds the JVM back until this is closed: PyTorch's libraries must not be torn down under
 * a model that is being loaded, or a step that is being computed. To be made before a model is loaded.
 */
public final class Interruption implements AutoCloseable {

    /** Loading heeds no interrupt once it is native; a step takes much less. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ending, "generate-interrupted");
    private Runnable cancel = Thread.currentThread()::interrupt;
    private boolean came;

    /** From now on Ctrl-C interrupts this thread. */
    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on Ctrl-C does this instead; at once if it was before. */
    synchronized void cancels(Runnable work) {
        cancel = work;
        if (came) {
            work.run();
        }
    }

    /** Whether Ctrl-C was. */
    public synchronized boolean came() {
        return came;
    }

    void ending() {
        synchronized (this) {
            came = true;
            cancel.run();
        }
        try {
            var unused = closed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After the model has been closed. */
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
