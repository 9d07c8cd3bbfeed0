/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

import dev.kritik.client.ClientException;
import dev.kritik.client.RewardedGroup;
import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.train.AdamW;
import dev.kritik.lm.train.Sequence;
import dev.kritik.lm.train.Trainee;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.Tiny;
import dev.kritik.trainer.rft.Rft;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;
import dev.kritik.trainer.run.TrainReport.Ending;

/** On a policy that has learnt to say yes or no, whatever it reads; on topics in memory that outlive their trainers. */
class GrpoTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> QUERIES = List.of("sum?", "sort?", "copy?", "count?");
    private static final double NONE = Double.NaN;
    private static final int PER_STEP = 2;

    @TempDir
    private static Path folder;

    private static Path model;
    private static Path queries;

    private final List<String> warnings = new ArrayList<>();
    private final List<FakeTopics> topics = new ArrayList<>();

    @BeforeAll
    static void coldStart() throws IOException {
        Tiny.assumeNatives();
        List<String> chats = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String query : QUERIES) {
            chats.add(Tiny.chat(query, "yes", null));
            chats.add(Tiny.chat(query, "no", null));
            lines.add("{\"prompt\":\"" + query + "\",\"answers\":[\"yes\"]}");
        }
        queries = Tiny.write(folder.resolve("queries.jsonl"), lines);
        Map<String, String> brief =
                Map.of("train.lr", "0.02", "train.steps", "16", "train.batch", "8", "train.save.type", "f32");
        Path data = Tiny.write(folder.resolve("chats.jsonl"), chats);
        model = Rft.train(
                        Tiny.job(Tiny.model("llama"), data, folder.resolve("cold"), brief),
                        new TrainListener() {},
                        GrpoTest::never)
                .finalModel()
                .orElseThrow();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(topics).allSatisfy(each -> assertThat(each.open()).isZero());
    }

    private static boolean never() {
        return false;
    }

    // ---- What is given
    // ----------------------------------------------------------------------------------------------------

    private static TrainJob job(String out, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "train.batch", Integer.toString(PER_STEP),
                "train.lr", "0.004",
                "grpo.group.size", "4",
                "grpo.max.tokens", "6",
                "grpo.kl.measure", "false"));
        config.putAll(more);
        return Tiny.job(model, queries, folder.resolve(out), config);
    }

    private FakeTopics topics(double yes, double other) {
        FakeTopics made = new FakeTopics(group -> judged(group, yes, other));
        topics.add(made);
        return made;
    }

    private static RewardedGroup judged(List<Rollout> group, double yes, double other) {
        return Given.rewarded(
                group,
                group.stream()
                        .mapToDouble(member -> member.getResponse().equals("yes") ? yes : other)
                        .toArray());
    }

    private TrainReport train(TrainJob job, FakeTopics on, TrainListener listener, BooleanSupplier stop) {
        return Grpo.train(job, name -> on.exchange(), listener, stop);
    }

    private TrainReport train(TrainJob job, FakeTopics on) {
        return train(job, on, listener(), GrpoTest::never);
    }

    private TrainListener listener() {
        return new TrainListener() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        };
    }

    /** Fails at a step, as a process that is killed then: no checkpoint is written. */
    private static TrainListener killedAfter(int step) {
        return new TrainListener() {
            @Override
            public void warning(String text) {}

            @Override
            public void step(Map<String, Object> values) {
                if (values.get("step").equals(step)) {
                    throw new Killed();
                }
            }
        };
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    // ---- What is seen
    // -----------------------------------------------------------------------------------------------------

    private static List<JsonNode> lines(TrainJob job, String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(job.out().resolve(file))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static List<String> settled(TrainJob job) throws IOException {
        return lines(job, "groups.jsonl").stream()
                .filter(line -> line.has("group"))
                .map(line -> line.get("group").textValue())
                .toList();
    }

    /** Each line's counts add up to what was published, and the file of groups says the same. */
    private static void assertThatItAddsUp(TrainJob job) throws IOException {
        List<JsonNode> steps = lines(job, "metrics.jsonl");
        for (JsonNode step : steps) {
            if (step.get("step").intValue() > 0) {
                long sum = step.get("under_way").longValue();
                for (Fate fate : Fate.values()) {
                    sum += step.get(fate.label()).longValue();
                }
                assertThat(sum)
                        .as(step.toString())
                        .isEqualTo(step.get("published").longValue());
            }
        }
        List<JsonNode> groups = lines(job, "groups.jsonl");
        for (Fate fate : Fate.values()) {
            long inFile = groups.stream()
                    .filter(line -> line.get("fate").textValue().equals(fate.label()))
                    .mapToLong(line -> line.path("count").asLong(1))
                    .sum();
            assertThat(inFile)
                    .as(fate.label())
                    .isEqualTo(steps.getLast().get(fate.label()).longValue());
        }
    }

    // ---- Behaviour
    // --------------------------------------------------------------------------------------------------------

    @Test
    void withNoneAheadEachGroupIsWrittenByThePolicyThatLearnsFromIt() throws IOException {
        // Given
        FakeTopics on = topics(8, 3);
        TrainJob job = job("synchronous", Map.of("train.steps", "5", "grpo.ahead", "0", "grpo.staleness.max", "0"));

        // When
        TrainReport report = train(job, on);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        List<List<Rollout>> published = on.published();
        assertThat(published).as("no more than the steps need").hasSize(5 * PER_STEP);
        for (int number = 0; number < published.size(); number++) {
            assertThat(published.get(number)).hasSize(4);
            assertThat(published.get(number).getFirst().getPolicyVersion()).isEqualTo(number / PER_STEP);
        }
        assertThat(lines(job, "metrics.jsonl"))
                .allSatisfy(step ->
                        assertThat(step.get("staleness_max").longValue()).isZero())
                .allSatisfy(step -> assertThat(step.get("groups").intValue()
                                + step.get("flat_share").doubleValue() * PER_STEP)
                        .isEqualTo(PER_STEP));
        assertThatItAddsUp(job);
        assertThat(lines(job, "metrics.jsonl").getLast().get("under_way").longValue())
                .isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aheadNoGroupIsLearntFromThatIsOlderThanTheBoundAndAllAddsUp() throws IOException {
        // Given: some groups have no reward, and they end in any order
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FakeTopics on = new FakeTopics(group -> {
                    boolean broken = group.getFirst().getGroupId().hashCode() % 4 == 0;
                    return broken ? judged(group, NONE, NONE) : judged(group, 8, 3);
                })
                .disordered(random);
        topics.add(on);
        TrainJob job = job("ahead", Map.of("train.steps", "8", "grpo.ahead", "2", "grpo.staleness.max", "2"));

        // When
        TrainReport report = train(job, on);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(lines(job, "metrics.jsonl"))
                .as("seed %d", seed)
                .allSatisfy(step ->
                        assertThat(step.get("staleness_max").longValue()).isBetween(0L, 2L));
        assertThat(lines(job, "groups.jsonl"))
                .as("seed %d", seed)
                .allSatisfy(line -> assertThat(line.get("fate").textValue().equals("stale"))
                        .isEqualTo(line.get("staleness").longValue() > 2
                                && line.get("status").textValue().equals("OK")));
        assertThatItAddsUp(job);
    }

    @Test
    void stoppedWhileItWaitsItKeepsItsCheckpointAndTheNextOneTakesTheSameGroups() throws IOException {
        // Given: one group of the third step has ended
        FakeTopics on = topics(8, 3);
        on.endAtMost(2 * PER_STEP + 1);
        TrainJob job = job("stopped", Map.of("train.steps", "4", "train.checkpoint.every", "100"));
        int[] asked = new int[1];

        // When
        TrainReport stopped = train(job, on, listener(), () -> on.published().size() >= 4 * PER_STEP && ++asked[0] > 6);
        List<String> before = settled(job);
        on.endAtMost(Integer.MAX_VALUE);
        TrainReport finished = train(job, on);

        // Then
        assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
        assertThat(stopped.done()).isEqualTo(2);
        assertThat(before).hasSize(2 * PER_STEP);
        assertThat(finished.ending()).isEqualTo(Ending.FINISHED);
        assertThat(settled(job))
                .hasSize(4 * PER_STEP)
                .doesNotHaveDuplicates()
                .startsWith(before.toArray(String[]::new));
        assertThat(on.published()).as("none was written again").hasSize(4 * PER_STEP);
        assertThatItAddsUp(job);
    }

    @Test
    void killedAndStoppedAtAnyMomentEachGroupIsSettledOnce() throws IOException {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FakeTopics on = topics(8, 3).disordered(random);
        TrainJob job = job("killed", Map.of("train.steps", "6", "train.checkpoint.every", "2", "grpo.ahead", "1"));

        // When
        int runs = 0;
        boolean finished = false;
        while (!finished) {
            runs++;
            assertThat(runs).as("seed %d", seed).isLessThan(30);
            boolean kill = random.nextBoolean();
            int last = 1 + random.nextInt(6);
            int[] steps = new int[1];
            try {
                TrainListener counting = new TrainListener() {
                    @Override
                    public void step(Map<String, Object> values) {
                        steps[0]++;
                    }
                };
                TrainReport report = kill
                        ? train(job, on, killedAfter(last), GrpoTest::never)
                        : train(job, on, counting, () -> steps[0] >= 2);
                finished = report.ending() == Ending.FINISHED;
            } catch (Killed e) {
                // and once more
            }
        }

        // Then
        List<String> settled = settled(job);
        assertThat(settled).as("seed %d", seed).doesNotHaveDuplicates();
        JsonNode end = lines(job, "metrics.jsonl").getLast();
        assertThat(end.get("lost").longValue()).as("seed %d", seed).isZero();
        assertThat(settled.size() + end.get("under_way").intValue())
                .as("seed %d", seed)
                .isEqualTo(on.published().size());
        assertThat(on.published().stream().map(group -> group.getFirst().getGroupId()))
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(settled);
        assertThatItAddsUp(job);
    }

    @Test
    void groupsThatAreGoneAfterARestartAreCountedAsLostOnceHoweverOftenItIsStarted() throws IOException {
        // Given: a checkpoint, and groups under way that the topics don't keep
        FakeTopics on = topics(8, 3);
        on.endAtMost(PER_STEP);
        TrainJob job = job("lost", Map.of("train.steps", "5", "train.checkpoint.every", "100"));
        int[] asked = new int[1];
        train(job, on, listener(), () -> on.published().size() >= 3 * PER_STEP && ++asked[0] > 3);
        int gone = on.published().size() - PER_STEP;
        on.forget();
        on.endAtMost(Integer.MAX_VALUE);

        // When
        assertThatThrownBy(() -> train(job, on, killedAfter(3), GrpoTest::never))
                .isInstanceOf(Killed.class);
        TrainReport report = train(job, on);

        // Then
        assertThat(gone).isPositive();
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(lines(job, "metrics.jsonl").getLast().get("lost").intValue()).isEqualTo(gone);
        assertThat(warnings).anySatisfy(text -> assertThat(text).contains(gone + " groups", "lost"));
        assertThatItAddsUp(job);
    }

    @Test
    void whereNoGroupComesItEndsWithTheReasonAndMayBeGivenMorePatience() {
        // Given
        FakeTopics on = topics(8, 3);
        on.endAtMost(0);
        TrainJob job = job("silent", Map.of("train.steps", "1", "grpo.patience.ms", "1000", "grpo.ahead", "0"));

        // Then
        assertThatThrownBy(() -> train(job, on))
                .isInstanceOf(TrainException.class)
                .hasMessageMatching("no group has come for \\d+ s although 2 are under way: .*")
                .hasMessageContaining("grpo.patience.ms");
        on.endAtMost(Integer.MAX_VALUE);
        assertThat(train(job("silent", Map.of("train.steps", "1", "grpo.ahead", "0")), on)
                        .ending())
                .isEqualTo(Ending.FINISHED);
        assertThat(on.published()).hasSize(PER_STEP);
    }

    @Test
    void whatCantBePublishedEndsItWithItsReason() {
        FakeTopics on = topics(8, 3);
        on.refuse(new ClientException("not allowed to write", null));
        TrainJob job = job("refused", Map.of("train.steps", "1"));
        assertThatThrownBy(() -> train(job, on))
                .isInstanceOf(ClientException.class)
                .hasMessage("not allowed to write");
    }

    @Test
    void whereNothingCanBeLearntFromItIsSaidAndTheRunCanBeStopped() {
        // Given: a judge that always fails
        FakeTopics on = topics(NONE, NONE);
        TrainJob job = job("unrewarded", Map.of("train.steps", "1"));

        // When
        TrainReport report = train(job, on, listener(), () -> !warnings.isEmpty());

        // Then
        assertThat(report.ending()).isEqualTo(Ending.STOPPED);
        assertThat(report.done()).isZero();
        assertThat(warnings.getFirst()).contains("step 1 has taken 16 groups", "only 0 of the 2", "{unrewarded=16}");
    }

    @Test
    void flatGroupsAreMadeUpForIfThatIsWanted() throws IOException {
        // Given: every other group has no spread
        int[] count = new int[1];
        FakeTopics on =
                new FakeTopics(group -> count[0]++ % 2 == 0 ? judged(group, 5, 5) : Given.rewarded(group, 1, 2, 3, 4));
        topics.add(on);
        TrainJob job = job("filled", Map.of("train.steps", "3", "grpo.fill", "true", "grpo.ahead", "0"));

        // When
        train(job, on);

        // Then
        assertThat(lines(job, "metrics.jsonl"))
                .allSatisfy(step -> assertThat(step.get("groups").intValue()).isEqualTo(PER_STEP));
        assertThat(on.published()).hasSize(2 * 3 * PER_STEP);
        assertThatItAddsUp(job);
    }

    @Test
    void aRunGoesOnWithRewardsOfTheSameKindOnly() {
        // Given
        FakeTopics on = topics(8, 3);
        TrainJob job = job("kinds", Map.of("train.steps", "1"));
        train(job, on);

        // Then
        assertThatThrownBy(() -> Grpo.train(job, name -> Grpo.gold(List.of(queries)), listener(), GrpoTest::never))
                .isInstanceOf(TrainException.class)
                .hasMessageContaining("'fake', not from 'gold'");
    }

    @Test
    void itLearnsWhatIsRight() throws IOException {
        // Given
        TrainJob job = Tiny.evaluated(
                job(
                        "learns",
                        Map.of("train.steps", "8", "train.batch", "4", "grpo.group.size", "8", "eval.every", "8")),
                queries);

        // When
        Grpo.train(job, name -> Grpo.gold(List.of(queries)), listener(), GrpoTest::never);

        // Then
        List<JsonNode> lines = lines(job, "metrics.jsonl");
        assertThat(lines.get(1).get("reward").doubleValue()).isBetween(2.0, 8.5);
        assertThat(lines.getLast().get("reward").doubleValue()).isGreaterThan(9.5);
        assertThat(lines.getLast().get("eval_gold_greedy").doubleValue()).isEqualTo(1);
        assertThat(lines.get(1).get("ratio_max").doubleValue())
                .as("writing and learning agree on the policy")
                .isBetween(0.999, 1.001);
    }

    @Test
    void aJudgeThatCanBePleasedByWrongAnswersIsNoticedAndTheRunStopped() throws IOException {
        // Given: it likes everything but the right answer
        FakeTopics on = topics(1, 9);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.addAll(Files.readAllLines(queries));
        }
        Path held = Tiny.write(folder.resolve("held-out.jsonl"), many);
        TrainJob job = Tiny.evaluated(
                job(
                        "hacked",
                        Map.of(
                                "train.steps",
                                "30",
                                "train.batch",
                                "4",
                                "grpo.group.size",
                                "8",
                                "grpo.alarm",
                                "stop",
                                "grpo.alarm.sigmas",
                                "2",
                                "eval.every",
                                "2")),
                held);

        // When
        TrainReport report = train(job, on);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.STOPPED);
        assertThat(report.done()).isBetween(4, 29);
        assertThat(warnings).anySatisfy(text -> assertThat(text).contains("pleasing the judge"));
        assertThat(lines(job, "metrics.jsonl").getLast().get("alarm").intValue())
                .isEqualTo(1);
        assertThat(Files.readString(job.out().resolve("report.html"))).contains("class=\"alarm\"");
        assertThat(job.out().resolve("checkpoints").resolve(String.format("step-%06d", report.done())))
                .isDirectory();
    }

    @Test
    void eachUpdateOfAStepReachesThePolicy() {
        // Given
        EngineSettings engine = new EngineSettings("cpu", EngineSettings.Precision.FLOAT32, 1);
        try (Trainee trainee = Trainee.load(LanguageModel.checkpoint(model), engine);
                Policy policy = Policy.open(model, engine, 1, trainee)) {
            int[] prompt = policy.prompt(List.of(new Message("user", "sum?")));
            Sequence sequence = new Sequence(new int[] {1, 2, 3, 4}, 2);
            List<Float> seen = new ArrayList<>();

            // When: as with grpo.epochs=2, and somebody writes in between
            for (int update = 0; update < 2; update++) {
                var unused = trainee.sft(List.of(sequence), 1);
                var stats = policy.change(1, () -> trainee.step(0.01, new AdamW(0.9, 0.999, 1e-8, 0), 1));
                assertThat(stats.skipped()).isFalse();
                policy.write(version -> {
                            assertThat(version).isEqualTo(1);
                            return List.of(Policy.request("a", prompt, Sampling.greedy(1), 0));
                        })
                        .forEach(text -> seen.add(text.logProbs()[0]));
            }

            // Then
            assertThat(seen).hasSize(2).doesNotHaveDuplicates();
        }
    }
}
