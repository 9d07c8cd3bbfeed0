/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long things took within the window, by name. Durations are kept in buckets whose bounds grow by a fifth, so a quantile
 * is right to about 10 %. Not safe for use by many threads.
 */
final class Latencies {

    /** Most names; the rest is kept under {@link Count#OTHER}. */
    static final int MOST_NAMES = 32;

    private static final int BUCKETS = 100; // up to 19 hours
    private static final double GROWTH = 1.2;
    private static final int PARTS = 60;

    @SuppressWarnings("ArrayRecordComponent") // counted up in place
    private record Part(long number, int[] counts) {}

    private final Map<String, Deque<Part>> byName = new TreeMap<>();
    private final long partMs;

    Latencies(long windowMs) {
        this.partMs = Math.max(1, Math.ceilDiv(windowMs, (long) PARTS));
    }

    void add(String name, long atMs, long tookMs, long nowMs) {
        long newest = Math.floorDiv(nowMs, partMs);
        long number = Math.min(newest, Math.floorDiv(atMs, partMs));
        if (number <= newest - PARTS) {
            return;
        }
        String kept = byName.containsKey(name) || byName.size() < MOST_NAMES ? name : Count.OTHER;
        Deque<Part> parts = byName.computeIfAbsent(kept, same -> new ArrayDeque<>());
        Part part = parts.stream()
                .filter(one -> one.number == number)
                .findFirst()
                .orElseGet(() -> {
                    Part fresh = new Part(number, new int[BUCKETS]);
                    parts.addLast(fresh); // not in order while the past is read; nothing depends on it
                    return fresh;
                });
        part.counts[bucket(tookMs)]++;
    }

    void advance(long nowMs) {
        long oldest = Math.floorDiv(nowMs, partMs) - PARTS;
        byName.values().forEach(parts -> parts.removeIf(part -> part.number <= oldest));
        byName.values().removeIf(Deque::isEmpty);
    }

    /** What is known of a name: nothing, with a count of 0, where there is none. */
    Quantiles of(String name) {
        long[] sum = new long[BUCKETS];
        long count = 0;
        for (Part part : byName.getOrDefault(name, new ArrayDeque<>())) {
            for (int i = 0; i < BUCKETS; i++) {
                sum[i] += part.counts[i];
                count += part.counts[i];
            }
        }
        return count == 0
                ? Quantiles.NONE
                : new Quantiles(
                        count, quantile(sum, count, 0.5), quantile(sum, count, 0.95), quantile(sum, count, 0.99));
    }

    private static int bucket(long ms) {
        return ms <= 1 ? 0 : Math.min(BUCKETS - 1, 1 + (int) (Math.log((double) ms) / Math.log(GROWTH)));
    }

    private static long quantile(long[] counts, long count, double share) {
        double wanted = share * (double) count;
        double before = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0 && before + counts[i] >= wanted) {
                double within = (wanted - before) / (double) counts[i];
                return i == 0 ? 1 : Math.round(Math.pow(GROWTH, i - 1 + within));
            }
            before += (double) counts[i];
        }
        return 0;
    }
}
