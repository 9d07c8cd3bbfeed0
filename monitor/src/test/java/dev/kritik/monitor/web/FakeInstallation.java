/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

import dev.kritik.monitor.Given;
import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.DeadLetterLine;
import dev.kritik.monitor.watch.GroupPlaces;
import dev.kritik.monitor.watch.Limits;
import dev.kritik.monitor.watch.Place;
import dev.kritik.monitor.watch.Watch;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;

/** An installation without a broker: groups that happened, as chance with a seed has it, and more when asked for. */
final class FakeInstallation implements Bodies {

    /** What a page that takes texts for markup would run. */
    static final String ATTACK = "<script>window.hacked = 1</script><img src=x onerror=\"window.hacked = 2\">";

    final Watch watch = new Watch(new Limits(3_600_000, 5_000, 500), new Topics(""));

    private final Random random;
    private final Map<Long, Rollout> rollouts = new LinkedHashMap<>();
    private final Map<Long, Critique> critiques = new LinkedHashMap<>();
    private final Map<Long, GroupReward> rewards = new LinkedHashMap<>();
    private long offset;

    FakeInstallation(long seed) {
        this.random = new Random(seed);
    }

    /** Groups over the past, some that failed, and some that are open. */
    void happened(int groups, long nowMs, long overMs) {
        for (int i = 0; i < groups; i++) {
            group("q-" + (1000 + i), nowMs - overMs + (long) i * overMs / groups, nowMs, i < groups - 3);
        }
        for (int i = 0; i < 4; i++) {
            dead(i % 2 == 0 ? "UNDECODABLE" : "INDEX_OUT_OF_RANGE", nowMs - 60_000L * (i + 1), nowMs);
        }
        watch.lag(
                List.of(
                        lag("kritik-stream", PartitionLag.Kind.CONSUMER, "rollouts", 3, 0.4),
                        lag("kritik-stream", PartitionLag.Kind.CONSUMER, "critiques", 0, 0),
                        lag("kritik-workers", PartitionLag.Kind.SHARE, "critique-requests", 17, 2.2)),
                nowMs);
        watch.reading(true, null);
        watch.tick(nowMs);
    }

    private static PartitionLag lag(String group, PartitionLag.Kind kind, String topic, long records, double seconds) {
        return new PartitionLag(
                group,
                kind,
                topic,
                0,
                OptionalLong.of(1),
                1 + records,
                OptionalLong.of(records),
                OptionalDouble.of(seconds));
    }

    void dead(String reason, long atMs, long nowMs) {
        watch.deadLetter(
                new DeadLetterLine(
                        new Place(0, offset++),
                        atMs,
                        reason,
                        "NOT_FRAMED: the first byte is not 0 " + ATTACK,
                        "stream-app",
                        "rollouts",
                        1,
                        offset,
                        "run-7/" + ATTACK,
                        21),
                nowMs);
    }

    /** One group; its rewards differ, are equal, or are missing, as chance has it. */
    void group(String name, long beginMs, long nowMs, boolean ends) {
        int size = 4;
        for (int index = 0; index < size; index++) {
            Rollout rollout = Given.rollout(
                    name,
                    index,
                    size,
                    "Sort these words: pear apple fig " + ATTACK,
                    "answer " + index + " of " + name + ": apple fig pear " + ATTACK);
            rollouts.put(++offset, rollout);
            watch.rollout(rollout, new Place(0, offset), beginMs, nowMs);
        }
        watch.request(Given.request(name, size, 4, beginMs + 60), nowMs);
        boolean bad = random.nextInt(12) == 0;
        long end = beginMs;
        int best = random.nextInt(size);
        for (int sample = 0; sample < (ends ? 4 : 1); sample++) {
            long took = (long) (400 * Math.exp(random.nextGaussian() / 2));
            end = Math.max(end, beginMs + 100 + took);
            int[] scores = new int[bad ? 0 : size];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = Math.clamp((i == best ? 8 : 3) + random.nextInt(3), 1, 10);
            }
            Critique critique = Given.critique(
                    name,
                    sample,
                    "Specific Criteria:\n1. All words are there (60 %).\n2. The order is right (40 %).\nAnalysis:\n"
                            + "Response " + (best + 1) + " sorts them all. " + ATTACK + "\nScores: \\boxed{8, 3, 4, 3}",
                    end,
                    took,
                    scores);
            critiques.put(++offset, critique);
            watch.critique(critique, new Place(0, offset), nowMs);
        }
        if (ends) {
            boolean flat = random.nextInt(9) == 0;
            Double[] numbers = new Double[size];
            for (int i = 0; i < size; i++) {
                numbers[i] =
                        bad ? null : flat ? (Double) 6.0 : (Double) ((i == best ? 8.0 : 3.0) + random.nextInt(3) / 2.0);
            }
            GroupReward reward = Given.reward(
                    name,
                    bad ? GroupStatus.FAILED : GroupStatus.OK,
                    bad ? "TOO_FEW_VOTES" : null,
                    beginMs,
                    Math.min(nowMs, end + 20),
                    numbers);
            rewards.put(++offset, reward);
            watch.reward(reward, new Place(0, offset), nowMs);
        }
    }

    @Override
    public Group group(GroupPlaces places) {
        return new Group(
                all(rollouts, places.rollouts()),
                all(critiques, places.critiques()),
                places.reward() == null ? null : rewards.get(places.reward().offset()),
                0,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    private static <T> List<T> all(Map<Long, T> from, List<Place> places) {
        List<T> found = new ArrayList<>();
        places.forEach(place -> found.add(from.get(place.offset())));
        return found;
    }

    @Override
    public Optional<DeadLetter> deadLetter(Place place) {
        return Optional.of(new DeadLetter(
                Map.of("kritik.dead-letter.reason", "UNDECODABLE", "x", ATTACK),
                "run-7/q",
                ("not a rollout " + ATTACK).getBytes(StandardCharsets.UTF_8)));
    }
}
