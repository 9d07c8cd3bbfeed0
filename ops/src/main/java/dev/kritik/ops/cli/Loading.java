/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Long work that a shutdown hook must not overtake: native libraries that are torn down under a model that is being loaded
 * crash the process. A download heeds the interrupt; what native code has begun is waited for.
 */
public final class Loading {

    private final CountDownLatch over = new CountDownLatch(1);
    private Thread thread;
    private boolean unwanted;

    /** Does the work, on this thread. Not at all if {@link #stop} came first. */
    public void run(Runnable work) {
        synchronized (this) {
            if (unwanted) {
                return;
            }
            thread = Thread.currentThread();
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                thread = null; // an interrupt from now on would hit something else
            }
            over.countDown();
        }
    }

    /**
     * Interrupts the work, and waits until it has ended.
     *
     * @return false: it has not ended in this time
     */
    public boolean stop(Duration atMost) {
        synchronized (this) {
            unwanted = true;
            if (thread == null) {
                return true;
            }
            thread.interrupt();
        }
        try {
            return over.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
