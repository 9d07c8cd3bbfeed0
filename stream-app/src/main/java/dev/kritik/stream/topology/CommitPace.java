/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to ask for a commit ahead of Kafka Streams' interval. What a task writes can be read once it is committed, and
 * requests and rewards are waited for: so a commit is asked for as soon as there is one of them. But a thread does nothing else
 * while it commits, for a few milliseconds or, where three copies are written on busy brokers, for a tenth of a second. So commits
 * take half of the time at most, and a busy thread, whose next group comes at once, leaves them to the interval. One that is
 * behind, so that everything it reads has waited for longer than a few intervals, wins nothing by haste: it commits seldom, which
 * leaves more time for records, and the brokers less to do. All tasks of a thread share one of these, for they are committed
 * together.
 */
final class CommitPace {

    /** Shortest time between two that are asked for. */
    static final Duration GAP = Duration.ofMillis(10);

    /** A thread with more records than this since the last one is busy: with a tenth of a millisecond for each, most of the gap. */
    private static final int BUSY = 64;

    /** Longest that a commit is taken for: what takes longer was an outage. */
    private static final long LONGEST_NANOS = Duration.ofMillis(250).toNanos();

    private final long intervalNanos;
    private final Duration longest;
    private final LongSupplier nanoClock;
    private final LongSupplier clockMs;
    private boolean wanted;
    private boolean asked;
    private long askedNanos;

    /** When the thread was last seen at work, by both clocks. */
    private long lastNanos;

    private long lastMs;

    /** What a commit took, as far as is known when one is asked for. */
    private long costNanos;

    /** The longest time since then for which a record has waited; and how long the first took that came later. */
    private long longestNanos;

    private long soonestNanos = Long.MAX_VALUE;
    private int records;

    /** The shortest time, since a commit was asked for, for which a record stood on its topic. */
    private long leastWaitMs = Long.MAX_VALUE;

    /**
     * @param interval of a busy thread
     * @param longest of one that is behind; Kafka Streams' own
     * @param clockMs the clock by which records have their timestamps
     */
    CommitPace(Duration interval, Duration longest, LongSupplier nanoClock, LongSupplier clockMs) {
        this.intervalNanos = interval.toNanos();
        this.longest = longest;
        this.nanoClock = nanoClock;
        this.clockMs = clockMs;
    }

    /**
     * A record was read. The longest time between two, since a commit was asked for, is taken for the commit, if the later one
     * was there before and so has waited; the commit is not always the next thing that the thread does. If the first came later,
     * it took at most so long.
     *
     * @param timestampMs when it came
     */
    void read(long timestampMs) {
        long now = nanoClock.getAsLong();
        if (asked) {
            long since = Math.min(now - lastNanos, LONGEST_NANOS);
            if (timestampMs <= lastMs) {
                longestNanos = Math.max(longestNanos, since);
            } else if (records == 0) {
                soonestNanos = since;
            }
        }
        seenAt(now);
        records++;
    }

    /** A record stood on its topic for so long before the thread came to it; 0 if that is not known. */
    void waited(long ms) {
        leastWaitMs = Math.min(leastWaitMs, ms);
    }

    private void seenAt(long now) {
        lastNanos = now;
        lastMs = clockMs.getAsLong();
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
        long cost = longestNanos > 0 ? (costNanos + longestNanos) / 2 : Math.min(costNanos, soonestNanos);
        long gap = Math.max(2 * cost, records <= BUSY ? GAP.toNanos() : isBehind() ? longest.toNanos() : intervalNanos);
        if (asked && now - askedNanos < gap) {
            return false;
        }
        wanted = false;
        asked = true;
        askedNanos = now;
        costNanos = cost;
        longestNanos = 0;
        soonestNanos = Long.MAX_VALUE;
        leastWaitMs = Long.MAX_VALUE;
        records = 0;
        seenAt(now);
        return true;
    }

    private boolean isBehind() {
        return leastWaitMs != Long.MAX_VALUE && leastWaitMs > longest.toMillis();
    }
}
