/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.util.TreeMap;

import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Opening;

/**
 * How many groups of a task are open, since when the oldest of them is, and how many samples they wait for. Kept along with
 * every change, so that asking costs nothing. Changed by the thread of the task; read by any.
 */
final class OpenGroups {

    /** How many groups were opened at a time. */
    private final TreeMap<Long, Integer> opened = new TreeMap<>();

    private volatile long count;
    private volatile long pending;
    private volatile long oldestMs = Long.MAX_VALUE;

    /** A group went from one state to another. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void moved(GroupState before, GroupState after) {
        Opening was = opening(before);
        Opening is = opening(after);
        pending += pending(after) - pending(before);
        if (was == null && is != null) {
            count++;
            opened.merge(is.openedMs(), 1, Integer::sum);
        } else if (was != null && is == null) {
            count--;
            opened.computeIfPresent(was.openedMs(), (time, groups) -> groups == 1 ? null : groups - 1);
        } else {
            return;
        }
        oldestMs = opened.isEmpty() ? Long.MAX_VALUE : opened.firstKey();
    }

    long count() {
        return count;
    }

    /** Samples that were asked for and have not come. */
    long pending() {
        return pending;
    }

    /** When the oldest was opened, in epoch milliseconds; {@link Long#MAX_VALUE} when none is open. */
    long oldestMs() {
        return oldestMs;
    }

    private static Opening opening(GroupState state) {
        return switch (state) {
            case Collecting group -> group.opening();
            case Judging group -> group.opening();
            case GroupState.Absent absent -> null;
            case GroupState.Closed closed -> null;
        };
    }

    private static long pending(GroupState state) {
        return state instanceof Judging group ? group.expected() - group.received() : 0;
    }
}
