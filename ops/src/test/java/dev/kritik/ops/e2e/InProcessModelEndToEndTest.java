/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.BundledFixtures;
import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.SampleVote;

/**
 * Models in the worker's process, through the whole pipeline: tiny decoders with random weights. As a judge such a one
 * writes real tokens that mean nothing, so no sample has scores, and each group must end FAILED, once.
 */
class InProcessModelEndToEndTest {

    @TempDir
    private static Path folder;

    @BeforeAll
    static void assumeNatives() {
        TinyCheckpoints.assumeNatives();
    }

    @Test
    void evalRunsTheWholePipelineOnAModelInTheWorkersProcess() throws Exception {
        // Given: the models go by the names of those that come with Kritik, in a worker of another process, too
        Path queries = Files.writeString(folder.resolve("queries.jsonl"), """
                {"group_id":"a","messages":[{"role":"user","content":"2+2?"}],"responses":["4","5"],"best":0}
                {"group_id":"b","messages":[{"role":"user","content":"3+3?"}],"responses":["6","7"],"best":0}
                """);

        // When
        Cli eval = BundledFixtures.tiny(
                folder.resolve("home"),
                () -> Cli.run(
                        "eval",
                        "--data",
                        queries.toString(),
                        "--judge",
                        "djl",
                        "--model",
                        "kritik-nano",
                        "--meta",
                        "djl",
                        "--meta-model",
                        "kritik-nano-meta",
                        "--k",
                        "2",
                        "--json",
                        "--set",
                        "judge.djl.max.tokens=16",
                        "--set",
                        "judge.djl.threads=1",
                        "--set",
                        "critic.attempts=2"));

        // Then
        assertThat(eval.code()).as(eval.err()).isZero();
        JsonNode report =
                new ObjectMapper().readTree(eval.out().lines().toList().getLast());
        assertThat(report.get("queries").asInt()).isEqualTo(2);
        assertThat(report.get("statuses").get("FAILED").asInt()).isEqualTo(2);
        assertThat(report.get("missing").asInt()).isZero();
        assertThat(report.get("repeated").asInt()).isZero();
        assertThat(report.get("invalid_samples").asInt()).isEqualTo(4);
        assertThat(report.get("unanswered_samples").asInt()).isZero();
        assertThat(report.get("skipped").asInt()).as("no vote is made up").isEqualTo(2);
        // Two groups, two samples, two tries: a text that ends at once has one token at least.
        assertThat(report.get("completion_tokens").asInt()).isBetween(8, 8 * 16);
        assertThat(report.get("prompt_tokens").asInt())
                .as("the brief prompt, as the checkpoint says")
                .isBetween(8 * 50, 8 * 500);
    }

    @Test
    void aMetaRmInTheWorkersProcessWeighsTheVotesOfAJudgeOnAServer() throws Exception {
        // Given: scores drawn by chance, with a seed, so that every sample has a logit
        Path meta = TinyCheckpoints.withLongContext("qwen3-score", folder.resolve("weighing"));
        try (Installation installation = new Installation(Map.of("stream.k", "4", "stream.k.meta", "2"))) {
            RecordedJudge judge = installation.judge(JudgeOptions.of(new SeededScores()));
            installation.stream();
            installation.worker(
                    judge.url().toString(),
                    SeededScores.MODEL,
                    Map.of("worker.meta", "djl", "meta.djl.model", meta.toString(), "meta.djl.threads", "1"));

            // When
            installation.client().publishAll(Groups.whole("weighed", 2));

            // Then
            GroupReward reward = installation.client().awaitReward(Groups.JOB, "weighed", Duration.ofMinutes(2));
            assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
            assertThat(reward.getMetaModels()).containsExactly(meta.toString());
            assertThat(reward.getVotes())
                    .hasSize(4)
                    .allSatisfy(vote -> assertThat(vote.getMetaLogit()).isFinite());
            assertThat(logits(reward, true)).hasSize(2);
            assertThat(logits(reward, false)).hasSize(2);
            assertThat(Collections.min(logits(reward, true)))
                    .as("the better half counts: %s", reward.getVotes())
                    .isGreaterThan(Collections.max(logits(reward, false)));
        }
    }

    private static List<Double> logits(GroupReward reward, boolean kept) {
        return reward.getVotes().stream()
                .filter(vote -> vote.getScores().getFirst().getKept() == kept)
                .map(SampleVote::getMetaLogit)
                .toList();
    }

    @Test
    void aModelThatIsNotThereIsSaidBeforeAnythingStarts() throws Exception {
        // Given
        Path queries = Files.writeString(folder.resolve("one.jsonl"), """
                {"group_id":"a","messages":[{"role":"user","content":"2+2?"}],"responses":["4","5"],"best":0}
                """);

        // When
        Cli eval = Cli.run(
                "eval",
                "--data",
                queries.toString(),
                "--judge",
                "djl",
                "--model",
                folder.resolve("none").toString());

        // Then
        assertThat(eval.code()).isEqualTo(1);
        assertThat(eval.err()).contains("the model '", "none", "can't be used").doesNotContain("starting a broker");
    }
}
