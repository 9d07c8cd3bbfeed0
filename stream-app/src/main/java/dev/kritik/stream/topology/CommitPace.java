/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to ask for a commit ahead of Kafka Streams' interval. What a task writes can be read once it is committed, and
 * requests and rewards are waited for: so a commit is asked for as soon as there is one of them. But a thread does nothing else
 * while it commits, for a few milliseconds or, where three copies are written on busy brokers, for a tenth of a second. So commits
 * take half of the time at most, and a busy task, whose next group comes at once, leaves them to the interval. For the thread of
 * the task.
 */
final class CommitPace {

    /** Shortest time between two that are asked for. */
    static final Duration GAP = Duration.ofMillis(10);

    /** A task with more records than this since the last one is busy: with a tenth of a millisecond for each, most of the gap. */
    private static final int BUSY = 64;

    /** Longest that a commit is taken for: what takes longer was an outage. */
    private static final long LONGEST_NANOS = Duration.ofMillis(250).toNanos();

    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private final LongSupplier clockMs;
    private boolean wanted;
    private boolean asked;
    private long askedNanos;
    private long askedMs;
    private long costNanos;
    private int records;

    /**
     * @param interval Kafka Streams' own
     * @param clockMs the clock by which records have their timestamps
     */
    CommitPace(Duration interval, LongSupplier nanoClock, LongSupplier clockMs) {
        this.intervalNanos = interval.toNanos();
        this.nanoClock = nanoClock;
        this.clockMs = clockMs;
    }

    /**
     * A record was read. The first since a commit was asked for tells what that took: at most so long, and just so long if it had
     * been written before, and so has waited.
     *
     * @param timestampMs when it was written
     */
    void read(long timestampMs) {
        if (records == 0 && asked) {
            long took = Math.min(nanoClock.getAsLong() - askedNanos, LONGEST_NANOS);
            boolean waited = timestampMs <= askedMs;
            costNanos = waited ? (costNanos + took) / 2 : Math.min(costNanos, took);
        }
        records++;
    }

    /** Something was written that others wait for. */
    void written() {
        wanted = true;
    }

    /** Whether something waits for a commit that is not asked for yet. */
    boolean waiting() {
        return wanted;
    }

    /** Whether to ask for a commit now; if so, it is taken as done. */
    boolean due() {
        if (!wanted) {
            return false;
        }
        long now = nanoClock.getAsLong();
        long gap = Math.max(2 * costNanos, records > BUSY ? intervalNanos : GAP.toNanos());
        if (asked && now - askedNanos < gap) {
            return false;
        }
        wanted = false;
        asked = true;
        askedNanos = now;
        askedMs = clockMs.getAsLong();
        records = 0;
        return true;
    }
}
