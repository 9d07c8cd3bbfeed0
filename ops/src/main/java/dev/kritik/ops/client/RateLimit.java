/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds a reader back, so that those who work live are not starved: whoever says after each fetch what it brought is kept
 * waiting until the average rate is kept. Time in which less was read than allowed is not saved up beyond a second.
 * For one thread.
 */
public final class RateLimit {

    private static final long SAVED_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NAP_NANOS = Duration.ofMillis(100).toNanos();

    private final Rate rate;
    private final LongSupplier clock;
    private final LongConsumer nap;
    private long freeAt;

    /** A limit by the clock of this machine. */
    public RateLimit(Rate rate) {
        this(rate, System::nanoTime, LockSupport::parkNanos);
    }

    RateLimit(Rate rate, LongSupplier clock, LongConsumer nap) {
        this.rate = rate;
        this.clock = clock;
        this.nap = nap;
        this.freeAt = clock.getAsLong();
    }

    /**
     * Waits for what was read just now.
     *
     * @param stop asked about ten times a second; true ends the waiting
     */
    public void await(long records, long bytes, BooleanSupplier stop) {
        double seconds = rate.seconds(records, bytes);
        if (seconds <= 0) {
            return;
        }
        freeAt = Math.max(freeAt, clock.getAsLong() - SAVED_NANOS) + (long) (seconds * 1e9);
        for (long left = freeAt - clock.getAsLong();
                left > 0 && !stop.getAsBoolean();
                left = freeAt - clock.getAsLong()) {
            nap.accept(Math.min(left, NAP_NANOS));
        }
    }
}
