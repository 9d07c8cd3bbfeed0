/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to ask for a commit ahead of Kafka Streams' interval. What a task writes can be read once it is committed, and
 * requests and rewards are waited for: so a commit is asked for as soon as there is one of them. But each costs a few
 * milliseconds in which the thread does nothing else, so a busy task, whose next group comes at once, leaves it to the
 * interval. For the thread of the task.
 */
final class CommitPace {

    /** Shortest time between two that are asked for. */
    static final Duration GAP = Duration.ofMillis(10);

    /** A task with more records than this since the last one is busy: with a tenth of a millisecond for each, most of the gap. */
    private static final int BUSY = 64;

    private final long intervalNanos;
    private boolean wanted;
    private boolean asked;
    private long askedNanos;
    private int records;

    /** @param interval Kafka Streams' own */
    CommitPace(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** A record was read. */
    void read() {
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

    /**
     * Whether to ask for a commit now; if so, it is taken as done.
     *
     * @param nanoClock is read only where something waits for a commit
     */
    boolean due(LongSupplier nanoClock) {
        if (!wanted) {
            return false;
        }
        long nowNanos = nanoClock.getAsLong();
        long elapsed = nowNanos - askedNanos;
        if (asked && elapsed < (records > BUSY ? intervalNanos : GAP.toNanos())) {
            return false;
        }
        wanted = false;
        asked = true;
        askedNanos = nowNanos;
        records = 0;
        return true;
    }
}
