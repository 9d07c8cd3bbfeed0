/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Counts over a window that moves with the time, in slices of equal width. Memory is bounded by the number of slices and of
 * labels. Not safe for use by many threads.
 */
final class Timeline {

    /** Most labels of one tally at a time; the rest is counted as {@link Count#OTHER}. */
    static final int MOST_LABELS = 300;

    /** One slice: what was counted in it, and the last value of what was measured in it. */
    static final class Slice {
        private final long beginMs;
        private final Map<Count, Long> counts = new HashMap<>();
        private final Map<String, Long> gauges = new HashMap<>();
        private long version;

        Slice(long beginMs) {
            this.beginMs = beginMs;
        }

        long beginMs() {
            return beginMs;
        }

        Map<Count, Long> counts() {
            return counts;
        }

        Map<String, Long> gauges() {
            return gauges;
        }
    }

    private final long sliceMs;
    private final int slices;
    private final TreeMap<Long, Slice> byNumber = new TreeMap<>();
    private final Map<Count, Long> totals = new HashMap<>();
    private final Map<Tally, Long> past = new EnumMap<>(Tally.class);
    private long newest = Long.MIN_VALUE;
    private long version;

    Timeline(long sliceMs, int slices) {
        this.sliceMs = sliceMs;
        this.slices = slices;
    }

    /** Moves the window, so that it ends with the slice of this time; never back. */
    void advance(long nowMs) {
        newest = Math.max(newest, Math.floorDiv(nowMs, sliceMs));
        while (!byNumber.isEmpty() && byNumber.firstKey() <= newest - slices) {
            byNumber.pollFirstEntry().getValue().counts.forEach((count, n) -> {
                past.merge(count.tally(), n, Long::sum);
                totals.computeIfPresent(count, (same, total) -> total.equals(n) ? null : (Long) (total - n));
            });
        }
    }

    /** Counts at a time; what lies before the window counts for {@link #everBefore} only, what lies ahead is of now. */
    void add(long atMs, Count count, long n) {
        Slice slice = slice(atMs);
        if (slice == null) {
            past.merge(count.tally(), n, Long::sum);
            return;
        }
        Count kept = limited(count);
        slice.counts.merge(kept, n, Long::sum);
        totals.merge(kept, n, Long::sum);
        slice.version = ++version;
    }

    void add(long atMs, Tally tally, long n) {
        add(atMs, Count.of(tally), n);
    }

    /** Notes a measurement; several of one slice are joined. */
    void measure(long atMs, String name, long value, LongBinaryOperator join) {
        Slice slice = slice(atMs);
        if (slice != null) {
            Long before = slice.gauges.get(name);
            long after = before == null ? value : join.applyAsLong(before, value);
            if (before == null || before != after) {
                slice.gauges.put(name, after);
                slice.version = ++version;
            }
        }
    }

    private Slice slice(long atMs) {
        long number = Math.min(newest, Math.floorDiv(atMs, sliceMs));
        return number <= newest - slices ? null : byNumber.computeIfAbsent(number, same -> new Slice(number * sliceMs));
    }

    private Count limited(Count count) {
        if (count.label().isEmpty() || totals.containsKey(count)) {
            return count;
        }
        long labels = totals.keySet().stream()
                .filter(other -> other.tally() == count.tally())
                .count();
        return labels < MOST_LABELS ? count : new Count(count.tally(), Count.OTHER);
    }

    /** What was counted within the window. */
    Map<Count, Long> totals() {
        return totals;
    }

    long total(Tally tally) {
        return totals.entrySet().stream()
                .filter(entry -> entry.getKey().tally() == tally)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** What was counted at times that the window has left behind. */
    long everBefore(Tally tally) {
        return past.getOrDefault(tally, 0L);
    }

    /** Begin of the oldest slice that can be in the window. */
    long beginMs() {
        return (newest - slices + 1) * sliceMs;
    }

    /** Grows with every change. */
    long version() {
        return version;
    }

    /** Slices that changed after a version, oldest first; slices without anything are left out. */
    List<Slice> changedSince(long before) {
        List<Slice> changed = new ArrayList<>();
        for (Slice slice : byNumber.values()) {
            if (slice.version > before) {
                changed.add(slice);
            }
        }
        return changed;
    }
}
