/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.torch.Fixture;
import dev.kritik.lm.train.AdamW;
import dev.kritik.lm.train.Sequence;
import dev.kritik.lm.train.Trainee;

class LanguageModelTest {

    private static final List<ChatMessage> QUESTION = List.of(new ChatMessage("user", "Which is best?"));

    @TempDir
    private Path folder;

    @Test
    void answersAConversation() throws Exception {
        Path checkpoint = Fixture.of("qwen3").folder();
        try (LanguageModel model = LanguageModel.open(checkpoint, Fixture.ENGINE, GeneratorSettings.defaults())) {
            // When
            int[] prompt = model.prompt(QUESTION);
            Generated text = model.generate(new GenerateRequest("q", prompt, Sampling.greedy(12), 1, Instant.MAX))
                    .get(20, TimeUnit.SECONDS);
            // Then
            assertThat(text.promptTokens()).isEqualTo(prompt.length).isGreaterThan(5);
            assertThat(text.tokens()).hasSize(12);
            assertThat(model.contextLength()).isEqualTo(512);
            assertThat(model.name()).isEqualTo("qwen3");
        }
    }

    @Test
    void scoresAConversation() throws Exception {
        Path checkpoint = Fixture.of("llama-score").folder();
        try (RewardModel model = RewardModel.open(checkpoint, Fixture.ENGINE, ScorerSettings.defaults())) {
            // When
            int[] tokens =
                    model.prompt(List.of(QUESTION.get(0), new ChatMessage("assistant", "The second. \\boxed{3, 8}")));
            Float score = model.score("s", tokens, Instant.MAX).get(20, TimeUnit.SECONDS);
            // Then
            assertThat(score).isFinite();
        }
    }

    @Test
    void weightsInTrainingAreTakenWithoutANewProcess() throws Exception {
        Path checkpoint = Fixture.of("qwen3").folder();
        GenerateRequest request =
                new GenerateRequest("q", new int[] {1, 40, 50, 60}, Sampling.greedy(40), 1, Instant.MAX);
        List<Sequence> batch = List.of(new Sequence(IntStream.range(5, 45).toArray(), 4));
        try (LanguageModel model = LanguageModel.open(checkpoint, Fixture.ENGINE, GeneratorSettings.defaults());
                Trainee trainee = Trainee.load(Checkpoint.open(checkpoint), Fixture.ENGINE)) {
            int[] before = model.generate(request).get(20, TimeUnit.SECONDS).tokens();
            trainee.sft(batch, 0.02);
            trainee.step(3e-2, new AdamW(0.9, 0.99, 1e-8, 0), 0);
            trainee.save(folder, StoredType.F32);
            // When
            model.update(trainee);
            // Then: it writes what the checkpoint would
            Generated after = model.generate(request).get(20, TimeUnit.SECONDS);
            try (LanguageModel saved = LanguageModel.open(folder, Fixture.ENGINE, GeneratorSettings.defaults())) {
                Generated expected = saved.generate(request).get(20, TimeUnit.SECONDS);
                assertThat(after.tokens()).isEqualTo(expected.tokens()).isNotEqualTo(before);
                assertThat(after.logProbs()).isEqualTo(expected.logProbs());
            }
            // and what it has taken, another step of the trainee doesn't change
            trainee.sft(batch, 0.02);
            trainee.step(3e-2, new AdamW(0.9, 0.99, 1e-8, 0), 0);
            assertThat(model.generate(request).get(20, TimeUnit.SECONDS).logProbs())
                    .isEqualTo(after.logProbs());
        }
    }

    @Test
    void weightsAreNotTakenFromAnotherModelOrWhileTextsAreWritten() throws Exception {
        Path checkpoint = Fixture.of("qwen3").folder();
        try (LanguageModel model = LanguageModel.open(checkpoint, Fixture.ENGINE, GeneratorSettings.defaults());
                Trainee same = Trainee.load(Checkpoint.open(checkpoint), Fixture.ENGINE);
                Trainee other = Trainee.load(Fixture.of("qwen2").checkpoint(), Fixture.ENGINE)) {
            assertThatThrownBy(() -> model.update(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another kind of model");
            // When
            CountDownLatch begun = new CountDownLatch(1);
            GenerateRequest longText = new GenerateRequest(
                    "long", new int[] {1, 40}, Sampling.greedy(500), 1, Instant.MAX, piece -> begun.countDown());
            CompletableFuture<Generated> text = model.generate(longText);
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            // Then
            assertThatThrownBy(() -> model.update(same))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("being written");
            text.cancel(true);
            model.update(same);
        }
    }

    @Test
    void modelsOfTheOtherKindAreRefused() throws Exception {
        assertThatThrownBy(() -> LanguageModel.open(
                        Fixture.of("llama-score").folder(), Fixture.ENGINE, GeneratorSettings.defaults()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("can't write any");
        assertThatThrownBy(
                        () -> RewardModel.open(Fixture.of("llama").folder(), Fixture.ENGINE, ScorerSettings.defaults()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("ForSequenceClassification");
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() throws Exception {
        EngineSettings settings = new EngineSettings("cuda:77", EngineSettings.Precision.AUTO, 1);
        assertThatThrownBy(
                        () -> LanguageModel.open(Fixture.of("llama").folder(), settings, GeneratorSettings.defaults()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cuda:77 isn't there");
    }

    @Test
    void aModelWithoutChatTemplateTakesPlainTextAndSaysWhatIsMissing() throws Exception {
        // Given
        copy(Fixture.of("qwen2").folder());
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config).replace("chat_template", "no_template"));
        try (LanguageModel model = LanguageModel.open(folder, Fixture.ENGINE, GeneratorSettings.defaults())) {
            // When, Then
            assertThat(model.tokenize("some text")).isNotEmpty();
            assertThatThrownBy(() -> model.prompt(QUESTION))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("chat_template.jinja");
        }
    }

    @Test
    void aTemplateThatIsNotSupportedIsAnErrorThatNamesFolderAndLine() throws Exception {
        // Given
        copy(Fixture.of("qwen2").folder());
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ 1 }}\n\n{% include 'other' %}");
        // When, Then
        assertThatThrownBy(() -> LanguageModel.open(folder, Fixture.ENGINE, GeneratorSettings.defaults()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("line 3")
                .hasMessageContaining("include");
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }
}
