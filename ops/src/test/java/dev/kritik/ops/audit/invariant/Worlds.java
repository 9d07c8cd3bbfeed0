/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import dev.kritik.ops.audit.invariant.World.Answer;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Worlds in which all is well, though much goes wrong. */
final class Worlds {

    static final String JOB = "job";

    private static final Map<String, String> CONFIG = Map.of(
            "stream.k", "4",
            "stream.collect.timeout.ms", "2000",
            "stream.evaluate.timeout.ms", "3000",
            "stream.max.response.bytes", "200",
            "rules", "empty",
            "rule.empty.check", "empty",
            "rule.empty.then", "score 1");

    private Worlds() {}

    static Rollout.Builder member(String group, int index, int size) {
        return Rollout.newBuilder()
                .setJobId(JOB)
                .setGroupId(group)
                .setIndex(index)
                .setGroupSize(size)
                .setMessages(List.of(new Message("user", "What of " + group + "?")))
                .setGoal("fixed")
                .setResponse("Response " + "x".repeat(index * 5) + index + " to " + group);
    }

    /** Every way in which a group can end, and every kind of record that is put aside. */
    static World eventful() {
        World world = new World(CONFIG);
        for (String group : List.of("plain", "second", "third", "late-answers")) {
            whole(world, group, 4);
        }
        whole(world, "one", 1);
        whole(world, "panels", 11);
        for (int index = 0; index < 3; index++) {
            world.send(
                    index, member("adaptive", index, 3).setGoal("best").setK(8).build());
            world.send(
                    index,
                    member("rounds", index, 3)
                            .setGoal("advantages")
                            .setK(6)
                            .setPanelSize(1)
                            .build());
            world.send(
                    index,
                    member("equal", index, 3)
                            .setResponse(index == 1 ? "other" : "same")
                            .build());
            world.send(
                    index,
                    member("ruled", index, 3)
                            .setResponse(index == 1 ? " " : "good " + index)
                            .build());
            world.send(index, member("all-ruled", index, 3).setResponse(" ").build());
        }
        // Members that don't come, can't be used, or come anew.
        world.send(10, member("missing", 0, 3).build());
        world.send(11, member("missing", 2, 3).build());
        world.send(2_500, member("missing", 1, 3).build());
        world.send(20, member("rejected", 0, 2).setK(1000).build());
        world.send(21, member("rejected", 1, 2).build());
        world.send(20, member("all-rejected", 0, 1).setResponse("y".repeat(300)).build());
        world.send(30, member("repeated", 0, 2).build());
        world.send(31, member("repeated", 0, 2).build());
        world.send(32, member("repeated", 0, 2).setResponse("another").build());
        world.send(33, member("repeated", 1, 3).build());
        world.send(34, member("repeated", 1, 2).build());
        world.send(4_000, member("repeated", 1, 2).build());
        // Judges that fail.
        whole(world, "silent", 2);
        world.judge("silent", (panel, sample) -> Answer.never());
        whole(world, "half-silent", 3);
        world.judge(
                "half-silent",
                (panel, sample) ->
                        sample == 1 ? Answer.never() : new Answer(40 + sample, CritiqueStatus.OK, null, -0.5, 1));
        whole(world, "invalid", 2);
        world.judge(
                "invalid",
                (panel, sample) -> new Answer(
                        30,
                        sample % 2 == 0 ? CritiqueStatus.INVALID : CritiqueStatus.FAILED,
                        sample == 0 ? null : "NO_BOX",
                        null,
                        1));
        whole(world, "meta", 4);
        world.judge("meta", (panel, sample) -> new Answer(30, CritiqueStatus.OK, null, sample == 2 ? null : 0.25, 1));
        world.judge("late-answers", (panel, sample) -> sample == 3 ? Answer.ok(4_000) : Answer.ok(20));
        whole(world, "twice", 4);
        world.judge("twice", (panel, sample) -> new Answer(25, CritiqueStatus.OK, null, null, 2));
        // Wished deadlines.
        for (int index = 0; index < 2; index++) {
            world.send(
                    40,
                    member("hurried", index, 2).setDeadlineMs(World.START + 700).build());
            world.send(
                    41,
                    member("past", index, 2).setDeadlineMs(World.START - 700).build());
        }
        world.send(40, member("in-time", 0, 1).setDeadlineMs(World.START + 2500).build());
        world.judge("hurried", (panel, sample) -> sample < 2 ? Answer.ok(30) : Answer.ok(900));
        world.send(42, member("halved", 0, 2).setDeadlineMs(World.START + 1000).build());
        // What no group knows.
        world.sendRaw(50, "job/garbage", "no Avro".getBytes(UTF_8), "NOT_FRAMED");
        world.sendRaw(51, "job/null", null, "NULL_VALUE");
        world.send(52, member("index", 7, 2).build());
        world.run();
        return world;
    }

    /** Three judges of different weight, whose scales are learned. */
    static World jury() {
        Map<String, String> config = new TreeMap<>(CONFIG);
        config.putAll(Map.of("jury.judges", "a,b,c", "jury.a.weight", "2.5", "jury.calibration", "learned"));
        World world = new World(config);
        for (int i = 0; i < 12; i++) {
            whole(world, "jury-" + i, 2 + i % 4);
        }
        world.judge(
                "jury-5",
                (panel, sample) -> sample == 1 ? Answer.never() : new Answer(40, CritiqueStatus.OK, null, 0.5, 1));
        world.run();
        return world;
    }

    /** Whatever chance brings. */
    static World random(long seed) {
        Random random = new Random(seed);
        World world = new World(CONFIG);
        for (int i = 0; i < 15; i++) {
            String group = "random-" + i;
            int size = 1 + random.nextInt(9);
            int panel = 1 + random.nextInt(8);
            String goal = List.of("fixed", "best", "advantages").get(random.nextInt(3));
            Long deadline = random.nextInt(4) == 0 ? World.START + random.nextInt(4000) : null;
            for (int index = 0; index < size; index++) {
                int fate = random.nextInt(20);
                Rollout rollout = member(group, index, size)
                        .setGoal(goal)
                        .setPanelSize(panel)
                        .setK(1 + i % 6)
                        .setDeadlineMs(deadline)
                        .setResponse(
                                fate == 3 ? "same" : fate == 4 ? "" : "Response " + index + " " + random.nextInt(9))
                        .build();
                if (fate != 0) {
                    world.send(random.nextInt(fate == 1 ? 3000 : 300), rollout);
                }
                if (fate == 2) {
                    world.send(random.nextInt(3000), rollout);
                }
            }
            long faults = random.nextLong();
            boolean meta = random.nextBoolean();
            world.judge(group, (at, sample) -> {
                Random own = new Random(faults + 31L * at + 1009L * sample);
                int fate = own.nextInt(12);
                long after = 10L + own.nextInt(fate == 1 ? 4000 : 400);
                return switch (fate) {
                    case 0 -> Answer.never();
                    case 2 -> new Answer(after, CritiqueStatus.INVALID, "NO_BOX", null, 1);
                    case 3 -> new Answer(after, CritiqueStatus.OK, null, null, 2);
                    default -> new Answer(after, CritiqueStatus.OK, null, meta ? own.nextGaussian() : null, 1);
                };
            });
        }
        world.run();
        return world;
    }

    private static void whole(World world, String group, int size) {
        for (int index = 0; index < size; index++) {
            world.send(index, member(group, index, size).build());
        }
    }
}
