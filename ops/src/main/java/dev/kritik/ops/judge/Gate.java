/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a bounded number of requests into service at once; the others wait in the order of their arrival. */
final class Gate {

    private final Semaphore places;
    private final int queueLimit;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger inService = new AtomicInteger();
    private final AtomicInteger mostInService = new AtomicInteger();

    /**
     * A gate.
     *
     * @param capacity places in service
     * @param queueLimit most requests that may wait
     */
    Gate(int capacity, int queueLimit) {
        this.places = new Semaphore(capacity, true);
        this.queueLimit = queueLimit;
    }

    /** Waits for a place; false at once when too many wait already. */
    boolean enter() throws InterruptedException {
        if (!places.tryAcquire()) {
            if (waiting.incrementAndGet() > queueLimit) {
                waiting.decrementAndGet();
                return false;
            }
            try {
                places.acquire();
            } finally {
                waiting.decrementAndGet();
            }
        }
        mostInService.accumulateAndGet(inService.incrementAndGet(), Math::max);
        return true;
    }

    /** Frees the place. */
    void leave() {
        inService.decrementAndGet();
        places.release();
    }

    int waiting() {
        return waiting.get();
    }

    int inService() {
        return inService.get();
    }

    int mostInService() {
        return mostInService.get();
    }
}
