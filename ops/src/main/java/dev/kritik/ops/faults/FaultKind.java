/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be done to an installation. */
public enum FaultKind {
    WORKER_KILL(Part.WORKERS, 3, 1, 6, "kill -9 of a worker, started again after a while"),
    WORKER_PAUSE(Part.WORKERS, 3, 20, 30, "SIGSTOP of a worker for longer than its locks last (topics.group.lock.ms)"),
    WORKER_ROLL(Part.WORKERS, 1, 0, 0, "all workers stopped in order and started again, one after another"),
    WORKER_CLOCK(Part.WORKERS, 1, 5, 15, "the clock of a worker jumps by up to half a minute, and back"),
    STREAM_KILL(Part.STREAMS, 2, 1, 20, "kill -9 of a stream-app, started again after a while"),
    STREAM_PAUSE(
            Part.STREAMS, 2, 12, 40, "SIGSTOP of a stream-app past its session, or past its transaction too: a zombie"),
    STREAM_ROLL(Part.STREAMS, 1, 0, 0, "both stream-apps stopped in order and started again, one after another"),
    STREAM_CLOCK(Part.STREAMS, 1, 5, 15, "the clock of a stream-app jumps by up to half a minute, and back"),
    STREAM_DISK(Part.STREAMS, 1, 5, 15, "the disk under a stream-app's state is full"),
    GATEWAY_KILL(Part.GATEWAY, 1, 1, 6, "kill -9 of the gateway while callers wait"),
    BROKER_KILL(Part.BROKERS, 1, 3, 15, "kill -9 of the broker that leads most partitions"),
    CONTROLLER_KILL(Part.BROKERS, 1, 3, 15, "kill -9 of the broker that is the active controller"),
    BROKER_PAUSE(Part.BROKERS, 3, 8, 20, "SIGSTOP of a broker past its session"),
    BROKER_ROLL(Part.BROKERS, 1, 0, 0, "all brokers stopped in order and started again, one after another"),
    BROKER_CUT_OFF(Part.BROKERS, 3, 8, 20, "a broker that its peers can't reach, though clients can"),
    BROKER_DISK(Part.BROKERS, 1, 5, 15, "the disk under a broker's logs is full"),
    LEADER_CHANGE(Part.BROKERS, 1, 0, 0, "leadership of all partitions moves to other brokers"),
    LINK_CUT(Set.of(Part.NETWORK, Part.STREAMS), 6, 5, 20, "a zone loses its connections to one broker"),
    LINK_HANG(
            Set.of(Part.NETWORK, Part.STREAMS),
            6,
            5,
            20,
            "connections of a zone to one broker stay open and carry nothing"),
    ZONE_CUT(Set.of(Part.NETWORK, Part.STREAMS), 2, 5, 20, "a zone loses its connections to all brokers"),
    ZONE_HANG(
            Set.of(Part.NETWORK, Part.STREAMS),
            2,
            5,
            20,
            "connections of a zone to all brokers stay open and carry nothing"),
    REGISTRY_KILL(Part.REGISTRY, 1, 3, 15, "kill -9 of the registry, started again after a while"),
    REGISTRY_ABSENT(
            Set.of(Part.REGISTRY, Part.STREAMS, Part.WORKERS),
            1,
            5,
            15,
            "a stream-app and a worker start while the registry is down"),
    REGISTRY_WIPE(
            Set.of(Part.REGISTRY, Part.STREAMS, Part.WORKERS, Part.GATEWAY, Part.BROKERS, Part.NETWORK, Part.INPUT),
            1,
            0,
            0,
            "the registry loses all schemas and is set up anew"),
    JUDGE_429(Part.JUDGE, 1, 5, 15, "the judge turns 9 of 10 requests away with 429 and Retry-After"),
    JUDGE_500(Part.JUDGE, 1, 5, 15, "the judge answers half of the requests with 500"),
    JUDGE_HANG(Part.JUDGE, 1, 3, 10, "the judge takes 3 of 10 requests and never answers"),
    JUDGE_DROP(Part.JUDGE, 1, 5, 15, "the judge closes half of the connections without an answer"),
    JUDGE_GARBAGE(Part.JUDGE, 1, 5, 15, "6 of 10 texts of the judge are cut short or hold no scores"),
    JUDGE_SLOW(Part.JUDGE, 1, 5, 15, "the judge takes ten times as long"),
    POISON(Part.INPUT, 1, 0, 0, "forty records in a row that nobody can use"),
    SCHEMA_UPGRADE(Part.INPUT, 1, 0, 0, "producers begin to write rollouts of a newer version of the schema"),
    UPGRADE(
            Set.of(Part.STREAMS, Part.WORKERS, Part.GATEWAY),
            1,
            0,
            0,
            "roles of an older build are replaced by this one, one after another, under load");

    /** What of an installation a fault takes; two faults at once never take the same. */
    enum Part {
        BROKERS,
        NETWORK,
        REGISTRY,
        STREAMS,
        WORKERS,
        GATEWAY,
        JUDGE,
        INPUT
    }

    @SuppressWarnings("ImmutableEnumChecker") // Set.copyOf
    private final Set<Part> parts;

    private final int targets;
    private final int shortestS;
    private final int longestS;
    private final String about;

    FaultKind(Part part, int targets, int shortestS, int longestS, String about) {
        this(Set.of(part), targets, shortestS, longestS, about);
    }

    FaultKind(Set<Part> parts, int targets, int shortestS, int longestS, String about) {
        this.parts = Set.copyOf(parts);
        this.targets = targets;
        this.shortestS = shortestS;
        this.longestS = longestS;
        this.about = about;
    }

    /** Its name, such as {@code worker-kill}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What happens, in a line. */
    public String about() {
        return about;
    }

    /** How many things it can strike; a target is a number below. */
    int targets() {
        return targets;
    }

    /** The shortest time until it is healed, in milliseconds; 0: it heals itself. */
    long shortestMs() {
        return shortestS * 1000L;
    }

    /** The longest time until it is healed, in milliseconds. */
    long longestMs() {
        return longestS * 1000L;
    }

    boolean takes(Part part) {
        return parts.contains(part);
    }

    /** Whether both may be there at once. */
    boolean goesWith(FaultKind other) {
        return Collections.disjoint(parts, other.parts);
    }

    /**
     * Reads a list of names, {@code all} or {@code none}. All are those that a run mixes: without what loses data by design
     * (registry-wipe), and without what needs an older build (upgrade).
     *
     * @throws IllegalArgumentException if a name is none of them
     */
    public static List<FaultKind> parse(String text) {
        String list = text.strip().toLowerCase(Locale.ROOT);
        if (list.equals("none")) {
            return List.of();
        }
        if (list.equals("all")) {
            return Arrays.stream(values())
                    .filter(kind -> kind != REGISTRY_WIPE && kind != UPGRADE)
                    .toList();
        }
        return Arrays.stream(list.split(",", -1)).map(FaultKind::of).distinct().toList();
    }

    private static FaultKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("fault '" + word.strip() + "' is none of all, none, "
                        + Arrays.stream(values()).map(FaultKind::word).collect(Collectors.joining(", "))));
    }
}
