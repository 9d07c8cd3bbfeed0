/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C end what runs, and holds the JVM back until this is closed: PyTorch's libraries must not be torn down under
 * a step that is being computed.
 */
final class Interruption implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ending, "generate-interrupted");
    private volatile Runnable cancel;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on Ctrl-C does this; before, the JVM just ends. */
    void cancels(Runnable work) {
        cancel = work;
    }

    private void ending() {
        if (cancel == null) {
            return;
        }
        cancel.run();
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
