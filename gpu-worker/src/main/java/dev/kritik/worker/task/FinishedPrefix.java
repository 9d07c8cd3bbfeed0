/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.util.TreeSet;

/**
 * What may be committed of one partition whose tasks end in any order: the position before the oldest task that is not
 * finished, so that a crash can lose none. Not safe for many threads.
 */
final class FinishedPrefix {

    private final TreeSet<Long> open = new TreeSet<>();
    private long next;
    private long committed;

    /** A partition that is read from an offset on. */
    FinishedPrefix(long first) {
        next = first;
        committed = first;
    }

    /** Takes in a record; offsets ascend. */
    void taken(long offset) {
        open.add(offset);
        next = offset + 1;
    }

    /** The consumer stands at this offset: over the marks of transactions, which are no records, too. */
    void readTo(long offset) {
        next = Math.max(next, offset);
    }

    /** Its task has ended for good. */
    void finished(long offset) {
        open.remove(offset);
    }

    /** The offset to commit: all before it is finished. */
    long position() {
        return open.isEmpty() ? next : open.first();
    }

    /** Whether there is something to commit. */
    boolean dirty() {
        return position() > committed;
    }

    /** Notes that the position was sent off to be committed. */
    void committing() {
        committed = position();
    }

    /** Notes that a commit failed: the next one begins anew. */
    void uncommitted() {
        committed = -1;
    }

    /** Offsets between the position and the newest record: what would run again after a crash. */
    long span() {
        return next - position();
    }
}
