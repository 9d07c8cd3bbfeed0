/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.kritik.ops.faults.FaultKind.Part;

/**
 * Which faults strike when; follows from the seed alone. Each kind comes once before any comes again. Unlike faults overlap;
 * two that take the same part of the installation never do, and brokers are given time to catch up in between: with three copies
 * of the data the loss of one broker is what Kafka bears.
 *
 * @param faults in the order of their times
 */
public record Schedule(List<Planned> faults) {

    /** No fault before: rewards must flow, so that there is something to lose and to compare with. */
    static final long CALM_MS = 8_000;

    /** Between the end of one fault and the next of the same part, so that its effects can be told apart. */
    private static final long REST_MS = 3_000;

    /** The same for brokers, which copy what they missed. */
    private static final long BROKER_REST_MS = 12_000;

    /** How long what heals itself takes, about. */
    private static final long ROLL_MS = 40_000;

    private static final long LEAST_GAP_MS = 1_500;
    private static final int GAP_SPREAD_MS = 7_000;

    /**
     * One fault.
     *
     * @param number from 0
     * @param atMs milliseconds after the begin; it may be later where the installation is not ready for it
     * @param target which of the kind's targets
     * @param durationMs until it is healed; 0 where it heals itself
     * @param draw for whatever else is left to chance
     */
    public record Planned(int number, long atMs, FaultKind kind, int target, long durationMs, long draw) {

        long endMs() {
            return atMs + (durationMs == 0 ? selfMs() : durationMs);
        }

        private long selfMs() {
            return switch (kind) {
                case POISON, SCHEMA_UPGRADE, LEADER_CHANGE -> 1_000;
                default -> ROLL_MS;
            };
        }

        private long restMs() {
            return kind.takes(Part.BROKERS) ? BROKER_REST_MS : REST_MS;
        }
    }

    public Schedule {
        faults = List.copyOf(faults);
    }

    /**
     * A schedule.
     *
     * @param lengthMs all faults are healed by then, about
     * @param kinds those that may be drawn
     */
    public static Schedule of(long seed, long lengthMs, List<FaultKind> kinds) {
        List<Planned> faults = new ArrayList<>();
        List<FaultKind> bag = new ArrayList<>();
        Random random = new Random(seed);
        for (long atMs = CALM_MS;
                !kinds.isEmpty() && atMs < lengthMs;
                atMs += LEAST_GAP_MS + random.nextInt(GAP_SPREAD_MS)) {
            if (bag.isEmpty()) {
                bag.addAll(kinds);
                Collections.shuffle(bag, random);
            }
            FaultKind kind = free(bag, faults, atMs);
            if (kind == null) {
                continue;
            }
            Planned planned = draw(random, faults.size(), atMs, kind);
            if (planned.endMs() <= lengthMs) {
                faults.add(planned);
            }
            bag.remove(kind);
        }
        return new Schedule(faults);
    }

    private static FaultKind free(List<FaultKind> bag, List<Planned> faults, long atMs) {
        return bag.stream()
                .filter(kind -> faults.stream()
                        .allMatch(other -> kind.goesWith(other.kind()) || other.endMs() + other.restMs() <= atMs))
                .findFirst()
                .orElse(null);
    }

    private static Planned draw(Random random, int number, long atMs, FaultKind kind) {
        int target = random.nextInt(kind.targets());
        int spread = (int) (kind.longestMs() - kind.shortestMs());
        long durationMs = kind.shortestMs() + (spread == 0 ? 0 : random.nextInt(spread));
        return new Planned(number, atMs, kind, target, durationMs, random.nextLong());
    }

    /** One fault of this kind, with nothing else. */
    public static Schedule one(long seed, FaultKind kind) {
        return new Schedule(List.of(draw(new Random(seed ^ kind.word().hashCode()), 0, CALM_MS, kind)));
    }
}
