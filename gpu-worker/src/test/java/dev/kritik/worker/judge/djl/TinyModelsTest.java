/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.Delivery;
import dev.kritik.worker.critic.Critic;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.Judges;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.meta.MetaRms;
import dev.kritik.worker.prompt.PromptVersion;

/** Judge and Meta RM on real models: tiny ones with random weights, whose texts mean nothing. */
class TinyModelsTest {

    private static final long SEED = 42;

    @TempDir
    private static Path copies;

    @BeforeAll
    static void assumeNatives() {
        TinyCheckpoints.assumeNatives();
    }

    private static Judge judge(Path folder) {
        Map<String, String> keys = Map.of(
                "worker.judge", "djl",
                "judge.djl.model", folder.toString(),
                "judge.djl.temperature", "1.0",
                "judge.djl.max.tokens", "24",
                "judge.djl.threads", "1");
        return Judges.open(JudgeConfig.from(keys));
    }

    private static MetaRm meta(Path folder) {
        Map<String, String> keys =
                Map.of("worker.meta", "djl", "meta.djl.model", folder.toString(), "meta.djl.threads", "1");
        return MetaRms.open(MetaConfig.from(keys)).orElseThrow();
    }

    private static Generation generation(String prompt, long seed, Instant deadline) {
        return new Generation("t/" + seed, prompt, seed, deadline);
    }

    private static Completion ask(Judge judge, long seed) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        return judge.generate(generation("Which is better?", seed, deadline)).get(60, TimeUnit.SECONDS);
    }

    @Test
    void theSeedDecidesTheText() throws Exception {
        try (Judge judge = judge(TinyCheckpoints.folder("llama"))) {
            // When
            Completion first = ask(judge, SEED);
            Completion again = ask(judge, SEED);
            Completion other = ask(judge, SEED + 1);

            // Then
            assertThat(again.text()).as("seed %d", SEED).isEqualTo(first.text());
            assertThat(other.text()).isNotEqualTo(first.text());
            assertThat(first.promptTokens()).isPositive();
            assertThat(first.completionTokens()).isBetween(1L, 24L);
            assertThat(first.finishReason()).isEqualTo(first.completionTokens() == 24 ? "length" : "stop");
        }
    }

    @Test
    void aPromptThatIsTooLongIsInvalidAndNotTriedAgain() throws Exception {
        // Given: 512 tokens fit, and our prompt alone is longer
        List<Critique> critiques = new CopyOnWriteArrayList<>();

        // When
        try (Judge judge = judge(TinyCheckpoints.folder("llama"));
                Critic critic =
                        new Critic(CriticConfig.from(Map.of()), judge, Optional.empty(), new SimpleMeterRegistry())) {
            critic.critique(request(), new Delivery(1, "w"), critiques::add).get(60, TimeUnit.SECONDS);
        }

        // Then
        assertThat(critiques).hasSize(2).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
            assertThat(critique.getReason()).isEqualTo("PROMPT_TOO_LONG");
            assertThat(critique.getDetail()).contains("there is room for 511");
            assertThat(critique.getAttempt()).isEqualTo(1);
            assertThat(critique.getScores()).isEmpty();
        });
    }

    @Test
    void aConversationThatTheTemplateRefusesIsInvalidAndNotTriedAgain() throws Exception {
        // Given
        Path folder = TinyCheckpoints.withLongContext("llama", copies.resolve("picky"));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% if 'Which of these?' in messages[0].content %}{{ raise_exception('not this') }}{% endif %}{{"
                        + " messages[0].content }}");
        List<Critique> critiques = new CopyOnWriteArrayList<>();

        // When
        try (Judge judge = judge(folder);
                Critic critic =
                        new Critic(CriticConfig.from(Map.of()), judge, Optional.empty(), new SimpleMeterRegistry())) {
            critic.critique(request(), new Delivery(1, "w"), critiques::add).get(60, TimeUnit.SECONDS);
        }

        // Then
        assertThat(critiques).hasSize(2).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
            assertThat(critique.getReason()).isEqualTo("PROMPT_REFUSED");
            assertThat(critique.getDetail()).contains("not this");
            assertThat(critique.getAttempt()).isEqualTo(1);
        });
    }

    @Test
    void aCheckpointSaysOnWhichPromptItWasTrainedAndTheConfigurationIsStronger() throws Exception {
        // Given
        Path folder = TinyCheckpoints.withLongContext("llama", copies.resolve("brief"));
        JudgeFile.write(folder, PromptVersion.BRIEF_V1);

        // When
        Critique said = critique(folder, Map.of("critic.attempts", "1"));
        Critique forced = critique(folder, Map.of("critic.attempts", "1", "critic.prompt", "critique-v1"));
        Files.delete(folder.resolve(JudgeFile.NAME));
        Critique silent = critique(folder, Map.of("critic.attempts", "1"));

        // Then
        assertThat(said.getPromptVersion()).isEqualTo("brief-v1");
        assertThat(forced.getPromptVersion()).isEqualTo("critique-v1");
        assertThat(silent.getPromptVersion()).isEqualTo("critique-v1");
        // Codes of markers are drawn anew: prompts of one wording differ by a few tokens.
        assertThat(said.getPromptTokens()).isBetween(1L, forced.getPromptTokens() / 4);
        assertThat(silent.getPromptTokens()).isGreaterThan(said.getPromptTokens() * 4);
    }

    private static Critique critique(Path folder, Map<String, String> keys) throws Exception {
        List<Critique> critiques = new CopyOnWriteArrayList<>();
        try (Judge judge = judge(folder);
                Critic critic =
                        new Critic(CriticConfig.from(keys), judge, Optional.empty(), new SimpleMeterRegistry())) {
            critic.critique(request(), new Delivery(1, "w"), critiques::add).get(60, TimeUnit.SECONDS);
        }
        return critiques.getFirst();
    }

    @Test
    void aPromptThatNobodyKnowsStopsTheStartAndNamesTheKnownOnes() throws Exception {
        // Given
        Path folder = TinyCheckpoints.withLongContext("llama", copies.resolve("unknown-prompt"));
        Files.writeString(folder.resolve(JudgeFile.NAME), "{\"prompt\": \"haiku-v7\"}");

        // When // Then
        assertThatThrownBy(() -> judge(folder))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll(
                        "judge.djl.model", "kritik.json", "there is no prompt 'haiku-v7'", "critique-v1, brief-v1");
    }

    private static CritiqueRequest request() {
        return CritiqueRequest.newBuilder()
                .setRequestId("r")
                .setJobId("job")
                .setGroupId("group")
                .setGroupAttempt(0)
                .setPartition(0)
                .setPanel(0)
                .setMessages(List.of(new Message("user", "Which of these?")))
                .setResponses(List.of(new PanelResponse(0, "this"), new PanelResponse(1, "that")))
                .setSamples(
                        List.of(new SampleSpec(0, 1L, List.of(0, 1), null), new SampleSpec(1, 2L, List.of(1, 0), null)))
                .setDeadlineMs(System.currentTimeMillis() + 600_000)
                .setCreatedMs(System.currentTimeMillis())
                .build();
    }

    @Test
    void aDeadlineThatHasPassedIsSaid() {
        try (Judge judge = judge(TinyCheckpoints.folder("llama"))) {
            assertThatThrownBy(() -> judge.generate(
                                    generation("Hello", SEED, Instant.now().minusSeconds(1)))
                            .get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            JudgeException.class,
                            e -> assertThat(e.reason()).isEqualTo(JudgeException.Reason.DEADLINE));
        }
    }

    @Test
    void theMetaRmReadsConversationResponsesAndCritique() throws Exception {
        try (MetaRm meta = meta(TinyCheckpoints.withLongContext("llama-score", copies.resolve("score")))) {
            // When
            double first = score(meta, "The first is right. \\boxed{9, 2}");
            double again = score(meta, "The first is right. \\boxed{9, 2}");
            double other = score(meta, "The second is right. \\boxed{2, 9}");

            // Then
            assertThat(first).isFinite().isEqualTo(again);
            assertThat(other).isFinite().isNotEqualTo(first);
        }
    }

    @Test
    void aCritiqueWithScoresCarriesTheLogit() throws Exception {
        // Given: what writes is played, what scores is real
        Path folder = TinyCheckpoints.withLongContext("qwen3-score", copies.resolve("logit"));
        Judge judge = new DjlJudge(
                "played",
                Optional.empty(),
                messages -> new int[] {1},
                request -> CompletableFuture.completedFuture(new Generated(
                        "Scores: \\boxed{9, 2}", new int[] {1}, new float[] {0}, Generated.Finish.STOP, 1, 0, 1)),
                Sampling.greedy(1),
                () -> {});
        List<Critique> critiques = new CopyOnWriteArrayList<>();

        // When
        try (MetaRm meta = meta(folder);
                Critic critic =
                        new Critic(CriticConfig.from(Map.of()), judge, Optional.of(meta), new SimpleMeterRegistry())) {
            critic.critique(request(), new Delivery(1, "w"), critiques::add).get(60, TimeUnit.SECONDS);
        }

        // Then
        assertThat(critiques).hasSize(2).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
            assertThat(critique.getMetaLogit()).as(critique.getMetaDetail()).isFinite();
            assertThat(critique.getMetaModel()).isEqualTo(folder.toString());
        });
    }

    @Test
    void judgeAndMetaRmTakeTurnsOnOneDeviceAndGiveWhatEachGivesAlone() throws Exception {
        // Given
        int texts = 12;
        Instant deadline = Instant.now().plusSeconds(120);
        try (Judge judge = judge(TinyCheckpoints.folder("llama"));
                MetaRm meta = meta(TinyCheckpoints.withLongContext("qwen3-score", copies.resolve("turns")))) {
            List<String> alone = new ArrayList<>();
            List<Double> logits = new ArrayList<>();
            for (int i = 0; i < texts; i++) {
                alone.add(ask(judge, SEED + i).text());
                logits.add(score(meta, "The first is right. \\boxed{" + i + ", 2}"));
            }

            // When
            List<CompletableFuture<Completion>> writing = new ArrayList<>();
            List<CompletableFuture<Double>> scoring = new ArrayList<>();
            for (int i = 0; i < texts; i++) {
                writing.add(judge.generate(generation("Which is better?", SEED + i, deadline)));
                scoring.add(meta.score(sample("The first is right. \\boxed{" + i + ", 2}")));
            }

            // Then
            for (int i = 0; i < texts; i++) {
                assertThat(writing.get(i).get(120, TimeUnit.SECONDS).text())
                        .as("seed %d", SEED + i)
                        .isEqualTo(alone.get(i));
                assertThat(scoring.get(i).get(120, TimeUnit.SECONDS)).isCloseTo(logits.get(i), within(1e-4));
            }
        }
    }

    private static double score(MetaRm meta, String critique) throws Exception {
        return meta.score(sample(critique)).get(60, TimeUnit.SECONDS);
    }

    private static MetaRm.Sample sample(String critique) {
        return new MetaRm.Sample(
                "s",
                List.of(new Message("user", "What is two plus two?")),
                List.of("4", "5"),
                critique,
                Instant.now().plusSeconds(60));
    }

    @Test
    void aModelThatCanNotBeUsedStopsTheStartAndNamesTheKey() {
        assertThatThrownBy(() -> judge(copies.resolve("nothing-here")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("judge.djl.model")
                .hasMessageContaining("nothing-here");
        assertThatThrownBy(() -> judge(TinyCheckpoints.folder("llama-score")))
                .as("a Meta RM is no judge")
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("judge.djl.model");
        assertThatThrownBy(() -> meta(TinyCheckpoints.folder("llama")))
                .as("nor the other way round")
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("meta.djl.model");
    }
}
