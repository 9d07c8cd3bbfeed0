/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.Latency;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.local.RoleProcess;
import dev.kritik.trainer.task.MicroTasks;
import dev.kritik.trainer.task.MicroTasks.Split;
import dev.kritik.trainer.task.TaskLines;

/**
 * kill -9 of every process around {@code kritik train grpo} while it trains, in an order that is drawn by chance:
 * {@code -Dkritik.seed=...} gives that of a former run.
 */
class GrpoCrashEndToEndTest {

    private static final int STEPS = 80;
    private static final int MEMBERS = 4;
    private static final int CHECKPOINT_EVERY = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What happens to a run. */
    private enum Fault {
        TRAINER(4),
        TRAINER_JUST_STARTED(3),
        TRAINER_AMID_CHECKPOINT(2),
        TRAINER_INTERRUPTED(1),
        WORKER(2),
        STREAM(2),
        BROKER(2),
        BROKER_FOR_A_MINUTE(1),
        BROKER_WHILE_TRAINER_STARTS(1),
        REGISTRY_WHILE_TRAINER_STARTS(1),
        SECOND_TRAINER_IN_THE_FOLDER(1),
        SECOND_TRAINER_OF_THE_JOB(1);

        private final int times;

        Fault(int times) {
            this.times = times;
        }
    }

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("kritik.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);

    private LocalCluster cluster;
    private RoleProcess stream;
    private RoleProcess worker;
    private GrpoRun run;
    private GrpoRun rival;

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void eachGroupHasOneFateThoughEverythingIsKilled() throws Exception {
        TinyCheckpoints.assumeNatives();
        say("seed " + seed);
        // Given
        Path queries = queries();
        try (RecordedJudge judge = RecordedJudge.start(
                        JudgeOptions.of(new SeededScores()).latency(Latency.parse("uniform:20,400")));
                LocalCluster started = LocalCluster.temporary(Map.of(
                        "stream.evaluate.timeout.ms",
                        "240000",
                        "judge.openai.url",
                        judge.url().toString(),
                        "judge.openai.model",
                        SeededScores.MODEL));
                GrpoRun training = run("policy", queries, started);
                GrpoRun other = run("rival", queries, started);
                Client client = new Client(started.config())) {
            cluster = started;
            run = training;
            rival = other;
            stream = cluster.startStream();
            worker = cluster.startWorker();
            run.start();
            run.await("the first checkpoint", PATIENCE, () -> run.checkpoint() > 0);

            // When
            for (Fault fault : faults()) {
                int until = run.checkpoint() + random.nextInt(CHECKPOINT_EVERY + 2);
                run.await("step " + until, PATIENCE, () -> run.step() >= until);
                assertThat(run.endsWithin(Duration.ofMillis(random.nextInt(1_000))))
                        .as(
                                "it ended before all faults had struck: it needs more steps, or failed. %s",
                                run.lastWords())
                        .isFalse();
                say(fault + " at step " + run.step() + ", checkpoint " + run.checkpoint());
                strike(fault);
                struck.merge(fault, 1, Integer::sum);
                // As the local installation does with processes that die; nothing happens to those that live.
                worker.start();
                stream.start();
            }

            // Then
            assertThat(run.ending(PATIENCE.multipliedBy(2))).as(run.lastWords()).isEqualTo(ExitCode.OK);
            Map<String, Long> counts = GrpoAccounts.check(run, client, STEPS, MEMBERS);
            say("seed " + seed + ": " + counts + " after " + struck + ", " + run.starts() + " starts of the trainer");
            assertThat(counts.get("trained") + counts.get("flat")).isEqualTo(4L * STEPS);
            assertThat(client.rewards().values())
                    .as("groups that ended more than once")
                    .filteredOn(rewards -> rewards.size() > 1)
                    .isEmpty();
            assertThat(client.deadLetters()).isEmpty();
        }
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            faults.addAll(Collections.nCopies(fault.times, fault));
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    private void strike(Fault fault) throws Exception {
        switch (fault) {
            case TRAINER -> killAndStart();
            case TRAINER_JUST_STARTED -> {
                killAndStart();
                alive(random.nextInt(6_000));
                killAndStart();
            }
            case TRAINER_AMID_CHECKPOINT -> {
                run.await("a checkpoint being written", PATIENCE, run::isAmidCheckpoint);
                run.kill();
                say(run.isAmidCheckpoint() ? "  the checkpoint is there in half" : "  the checkpoint was done by then");
                run.start();
            }
            case TRAINER_INTERRUPTED -> {
                run.interrupt();
                assertThat(run.ending(PATIENCE)).as(run.lastWords()).isEqualTo(ExitCode.INTERRUPTED);
                run.start();
            }
            case WORKER -> {
                worker.kill();
                alive(random.nextInt(4_000));
            }
            case STREAM -> {
                stream.kill();
                alive(random.nextInt(4_000));
            }
            case BROKER -> broker(random.nextInt(5_000), () -> {});
            case BROKER_FOR_A_MINUTE -> broker(65_000, () -> {});
            case BROKER_WHILE_TRAINER_STARTS -> broker(10_000, this::killAndStart);
            case REGISTRY_WHILE_TRAINER_STARTS -> {
                cluster.stack().killRegistry();
                killAndStart();
                alive(15_000);
                cluster.stack().startRegistry();
            }
            case SECOND_TRAINER_IN_THE_FOLDER -> {
                running();
                try (GrpoRun second = run.again()) {
                    second.start();
                    assertThat(second.ending(PATIENCE)).isEqualTo(ExitCode.FAILURE);
                    assertThat(second.said("another process trains in"))
                            .as(second.lastWords())
                            .isTrue();
                }
            }
            case SECOND_TRAINER_OF_THE_JOB -> {
                running();
                rival.start();
                assertThat(run.ending(PATIENCE)).as(run.lastWords()).isEqualTo(ExitCode.FAILURE);
                assertThat(run.said("another process writes as"))
                        .as(run.lastWords())
                        .isTrue();
                rival.kill();
                run.start();
            }
        }
    }

    /** Waits until it is the one that has the folder, and may write. */
    private void running() throws Exception {
        run.await("its start", PATIENCE, () -> run.said("job killed, run "));
    }

    private void killAndStart() throws Exception {
        run.kill();
        run.start();
    }

    private void broker(int downMs, Strike meanwhile) throws Exception {
        cluster.stack().killBroker();
        meanwhile.strike();
        alive(downMs);
        cluster.stack().startBroker();
    }

    /** Something that is done to the run. */
    private interface Strike {
        void strike() throws Exception;
    }

    /** Lets time pass, through which the trainer has to live. */
    private void alive(int ms) throws Exception {
        assertThat(run.endsWithin(Duration.ofMillis(ms))).as(run.lastWords()).isFalse();
    }

    private Path queries() throws Exception {
        MicroTasks tasks = new MicroTasks(Split.TRAIN, 1);
        return Files.writeString(
                folder.resolve("queries.jsonl"),
                IntStream.range(0, 200)
                        .mapToObj(i -> TaskLines.question(tasks.task(i, 1)))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private GrpoRun run(String name, Path queries, LocalCluster in) {
        Map<String, String> config = new TreeMap<>(in.config());
        config.put("grpo.job", "killed");
        config.put("train.steps", Integer.toString(STEPS));
        config.put("train.batch", "4");
        config.put("train.checkpoint.every", Integer.toString(CHECKPOINT_EVERY));
        config.put("train.save.type", "bf16");
        config.put("grpo.group.size", Integer.toString(MEMBERS));
        config.put("grpo.max.tokens", "12");
        config.put("grpo.k", "2");
        config.put("grpo.goal", "fixed");
        return new GrpoRun(
                folder.resolve(name),
                Path.of(System.getProperty("kritik.root"), "models", "nano-policy"),
                queries,
                config);
    }

    private static void say(String text) {
        System.out.println(
                "grpo crash: " + text); // a run of minutes by chance: what it did belongs into the build's log
    }
}
