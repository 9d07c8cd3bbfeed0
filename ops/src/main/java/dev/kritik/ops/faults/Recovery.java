/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;

import dev.kritik.ops.faults.Timeline.Entry;
import dev.kritik.ops.faults.Timeline.Event;

/**
 * How long work stood still after a fault, from the timeline and from what the topics hold afterwards; pure. All times are epoch
 * milliseconds of one machine.
 *
 * <ul>
 *   <li>{@code worker-kill}: to the begin of the next try of a request that had been handed out before: the latest of those
 *   <li>{@code stream-kill}: to the first record that its successor wrote for a partition that it had owned: the latest of those
 *   <li>{@code broker-kill}, {@code controller-kill}: to the next acknowledged rollout, and the next reward, of a partition that it had
 *       led: the latest of those
 *   <li>all others: from the end of the fault until rewards come at four fifths of the rate before it
 * </ul>
 */
public final class Recovery {

    /** What belongs to a kill happens within this time; what comes later has another cause. */
    static final long WINDOW_MS = 120_000;

    private static final long RATE_WINDOW_MS = 5_000;
    private static final double BACK = 0.8;

    /**
     * A record that was written, or an acknowledgement.
     *
     * @param partition number of the group's partition
     */
    public record Mark(int partition, long ms) {}

    /**
     * A critique.
     *
     * @param startedMs when its first try began
     * @param delivery how often its request had been handed out
     */
    public record Try(long startedMs, int delivery) {}

    /**
     * What was observed.
     *
     * @param acknowledged rollouts, by the producer's clock
     * @param written requests and rewards of the stream application, by the partition of their groups
     * @param rewards rewards, by the clock of somebody who followed them
     * @param tries critiques
     */
    public record Observed(List<Mark> acknowledged, List<Mark> written, List<Mark> rewards, List<Try> tries) {}

    /**
     * The result for one fault.
     *
     * @param ms milliseconds; empty where nothing was seen that tells it
     */
    public record Took(int number, String fault, String target, OptionalLong ms) {}

    /**
     * All faults of one kind.
     *
     * @param faults how many there were
     * @param measured how many of them could be measured
     * @param medianMs empty where none could
     * @param worstMs empty where none could
     */
    public record Line(String fault, int faults, int measured, OptionalLong medianMs, OptionalLong worstMs) {}

    private Recovery() {}

    /** How long each fault that struck took. */
    public static List<Took> of(List<Entry> timeline, Observed observed) {
        List<Took> all = new ArrayList<>();
        for (Entry strike : timeline) {
            if (strike.event() == Event.STRIKE) {
                all.add(new Took(strike.number(), strike.fault(), strike.target(), took(strike, timeline, observed)));
            }
        }
        return all;
    }

    /** The same by kind. */
    public static List<Line> lines(List<Took> all) {
        Map<String, List<Took>> byKind = new TreeMap<>();
        all.forEach(took ->
                byKind.computeIfAbsent(took.fault(), kind -> new ArrayList<>()).add(took));
        List<Line> lines = new ArrayList<>();
        byKind.forEach((kind, those) -> {
            long[] known = those.stream()
                    .flatMapToLong(took -> took.ms().stream())
                    .sorted()
                    .toArray();
            lines.add(new Line(
                    kind,
                    those.size(),
                    known.length,
                    known.length == 0 ? OptionalLong.empty() : OptionalLong.of(known[known.length / 2]),
                    known.length == 0 ? OptionalLong.empty() : OptionalLong.of(known[known.length - 1])));
        });
        return lines;
    }

    private static OptionalLong took(Entry strike, List<Entry> timeline, Observed observed) {
        long until = next(strike, timeline);
        return switch (strike.fault()) {
            case "worker-kill" -> handedOutAgain(strike.ms(), until, observed.tries());
            case "stream-kill" -> latestFirst(strike, until, observed.written());
            case "broker-kill", "controller-kill" ->
                latest(
                        latestFirst(strike, until, observed.acknowledged()),
                        latestFirst(strike, until, observed.rewards()));
            default ->
                timeline.stream()
                        .filter(entry -> entry.event() == Event.HEALED && entry.number() == strike.number())
                        .mapToLong(Entry::ms)
                        .findFirst()
                        .stream()
                        .flatMap(healed -> backToRate(strike.ms(), healed, observed.rewards()).stream())
                        .findFirst();
        };
    }

    /** When the next fault of the same kind strikes, or what comes can't be of this one any more. */
    private static long next(Entry strike, List<Entry> timeline) {
        return timeline.stream()
                .filter(entry -> entry.event() == Event.STRIKE
                        && entry.ms() > strike.ms()
                        && entry.fault().equals(strike.fault()))
                .mapToLong(Entry::ms)
                .min()
                .stream()
                .map(ms -> Math.min(ms, strike.ms() + WINDOW_MS))
                .findFirst()
                .orElse(strike.ms() + WINDOW_MS);
    }

    private static OptionalLong handedOutAgain(long from, long until, List<Try> tries) {
        return tries.stream()
                .filter(one -> one.delivery() > 1 && one.startedMs() >= from && one.startedMs() < until)
                .mapToLong(one -> one.startedMs() - from)
                .max();
    }

    /** A partition of which nothing came says nothing: it may have had no work. */
    private static OptionalLong latestFirst(Entry strike, long until, List<Mark> marks) {
        return strike.partitions().stream()
                .flatMapToLong(partition -> marks.stream()
                        .filter(mark -> mark.partition() == partition && mark.ms() > strike.ms() && mark.ms() < until)
                        .mapToLong(mark -> mark.ms() - strike.ms())
                        .min()
                        .stream())
                .max();
    }

    private static OptionalLong latest(OptionalLong one, OptionalLong other) {
        return LongStream.concat(one.stream(), other.stream()).max();
    }

    /** The begin of the first window after the fault that holds four fifths of what one held before it. */
    private static OptionalLong backToRate(long struck, long healed, List<Mark> rewards) {
        long[] times = rewards.stream().mapToLong(Mark::ms).sorted().toArray();
        long before = between(times, struck - 4 * RATE_WINDOW_MS, struck) / 4;
        if (before == 0) {
            return OptionalLong.empty();
        }
        for (long from = healed; from < healed + WINDOW_MS; from += 100) {
            if (between(times, from, from + RATE_WINDOW_MS) >= BACK * before) {
                return OptionalLong.of(from - healed);
            }
        }
        return OptionalLong.empty();
    }

    private static long between(long[] sorted, long from, long until) {
        return index(sorted, until) - (long) index(sorted, from);
    }

    private static int index(long[] sorted, long value) {
        int found = Arrays.binarySearch(sorted, value);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && sorted[found - 1] == value) {
            found--;
        }
        return found;
    }
}
