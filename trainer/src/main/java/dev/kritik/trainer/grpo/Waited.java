/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that a step waited for its groups, and for how long none has come that should have. For one thread. */
final class Waited {

    private final LongSupplier clock;
    private long since;
    private long heardAt;
    private long saidAt;
    private long rewards;
    private long generation;

    /**
     * Nothing waited yet.
     *
     * @param clock nanoseconds since some moment
     */
    Waited(LongSupplier clock) {
        this.clock = clock;
    }

    /** A step begins to wait. */
    void begin() {
        since = clock.getAsLong();
        heard(since);
        rewards = 0;
        generation = 0;
    }

    /** A slice of waiting ends. While the generator is at work the silence may be its own: it begins behind that. */
    void slice(boolean generating) {
        long now = clock.getAsLong();
        if (generating) {
            generation += now - since;
            heard(now);
        } else {
            rewards += now - since;
        }
        since = now;
    }

    /** A group has come. */
    void came() {
        heard(clock.getAsLong());
    }

    private void heard(long now) {
        heardAt = now;
        saidAt = now;
    }

    /** Since when no group has come although the generator was idle. */
    Duration silence() {
        return Duration.ofNanos(clock.getAsLong() - heardAt);
    }

    /** Whether it is time to say that it still waits. */
    boolean sayNow(Duration every) {
        long now = clock.getAsLong();
        if (now - saidAt <= every.toNanos()) {
            return false;
        }
        saidAt = now;
        return true;
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
