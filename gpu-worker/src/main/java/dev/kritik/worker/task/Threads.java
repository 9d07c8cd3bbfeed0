/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.time.Duration;
import java.util.List;

/** Ends threads. */
final class Threads {

    private Threads() {}

    /** Waits for threads to end; past the bound it interrupts those that have not. */
    static void joinAll(List<Thread> threads, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                if (interrupted || !thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
