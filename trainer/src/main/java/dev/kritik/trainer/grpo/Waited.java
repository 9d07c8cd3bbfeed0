/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;

/** Time that a step waited for its groups, and since when none has come. For one thread. */
final class Waited {

    private long since;
    private long cameAt = System.nanoTime();
    private long saidAt;
    private long rewards;
    private long generation;

    /** A step begins to wait. */
    void begin() {
        since = System.nanoTime();
        saidAt = since;
        cameAt = since;
        rewards = 0;
        generation = 0;
    }

    /** A slice of waiting ends. */
    void slice(boolean generating) {
        long now = System.nanoTime();
        if (generating) {
            generation += now - since;
        } else {
            rewards += now - since;
        }
        since = now;
    }

    /** A group has come. */
    void came() {
        cameAt = System.nanoTime();
        saidAt = cameAt;
    }

    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - cameAt);
    }

    /** Whether it is time to say that it still waits. */
    boolean sayNow(Duration every) {
        boolean now = System.nanoTime() - saidAt > every.toNanos();
        if (now) {
            saidAt = System.nanoTime();
        }
        return now;
    }

    /** Nanoseconds in which nothing was to be done but wait for rewards. */
    long rewards() {
        return rewards;
    }

    /** Nanoseconds in which the generator was at work. */
    long generation() {
        return generation;
    }
}
