/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Fixture;
import dev.kritik.lm.torch.OnThread;
import dev.kritik.lm.torch.TrainableDecoder.Part;

class TraineeTest {

    private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.01);
    private static final String SOME_WEIGHT = "model.layers.1.self_attn.v_proj.weight";

    @TempDir
    private Path folder;

    @Test
    void aRunThatIsSavedAndLoadedGoesOnBitForBit() throws IOException {
        Path state = folder.resolve("state.safetensors");
        Path after = folder.resolve("after.safetensors");
        Path uninterrupted = folder.resolve("uninterrupted.safetensors");
        try (Trainee trainee = load("qwen3")) {
            // Given: three steps, saved
            steps(trainee, 0, 3);
            trainee.saveState(state);
            // When: three more; and, by another trainee that had gone astray, the same three
            steps(trainee, 3, 6);
            trainee.saveState(uninterrupted);
        }
        try (Trainee other = load("qwen3")) {
            steps(other, 7, 9);
            other.sft(batch(9), 1); // gradients that nobody takes
            other.loadState(state);
            assertThat(other.steps()).isEqualTo(3);
            steps(other, 3, 6);
            other.saveState(after);
        }
        // Then
        assertThat(after).hasSameBinaryContentAs(uninterrupted);
        assertThat(Files.readAllBytes(after)).isNotEqualTo(Files.readAllBytes(state));
    }

    @Test
    void aStateOfAnotherModelIsRefusedAndChangesNothing() throws IOException {
        Path state = folder.resolve("state.safetensors");
        Path cutOff = folder.resolve("cut-off.safetensors");
        try (Trainee other = load("llama-bias")) {
            other.saveState(state);
        }
        byte[] bytes = Files.readAllBytes(state);
        Files.write(cutOff, Arrays.copyOf(bytes, bytes.length - 100));
        try (Trainee trainee = load("llama")) {
            float[] before = trainee.values(SOME_WEIGHT, Part.WEIGHT);
            // When, Then
            assertThatThrownBy(() -> trainee.loadState(state))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("no state of this model's training");
            assertThatThrownBy(() -> trainee.loadState(cutOff))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("cut-off.safetensors");
            assertThat(trainee.values(SOME_WEIGHT, Part.WEIGHT)).isEqualTo(before);
        }
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() throws IOException {
        Path before = folder.resolve("before.safetensors");
        Path after = folder.resolve("after.safetensors");
        try (Trainee trainee = load("llama")) {
            steps(trainee, 0, 1);
            trainee.saveState(before);
            // When
            trainee.sft(batch(1), 1);
            trainee.sft(batch(2), Double.NaN);
            StepStats skipped = trainee.step(1e-2, ADAM, 1);
            trainee.saveState(after);
            // Then
            assertThat(skipped.skipped()).isTrue();
            assertThat(skipped.gradNorm()).isNaN();
            assertThat(after).hasSameBinaryContentAs(before);
            // and the next step begins anew
            trainee.sft(batch(3), 0.01);
            double alone = trainee.step(0, ADAM, 0).gradNorm();
            trainee.sft(batch(3), 0.01);
            assertThat(alone).isFinite().isPositive();
            assertThat(trainee.step(1e-2, ADAM, 1)).isEqualTo(new StepStats(alone, false));
            assertThat(trainee.steps()).isEqualTo(3);
        }
    }

    @Test
    void aBatchInPartsAddsUpToTheWhole() throws IOException {
        List<Sequence> batch = batch(4);
        try (Trainee trainee = load("qwen2")) {
            SftStats whole = trainee.sft(batch, 0.1);
            float[] gradient = trainee.values(SOME_WEIGHT, Part.GRADIENT);
            trainee.zeroGradients();
            // When
            double loss = 0;
            for (Sequence sequence : batch) {
                loss += trainee.sft(List.of(sequence), 0.1).lossSum();
            }
            // Then
            assertThat(loss).isCloseTo(whole.lossSum(), within(1e-4));
            Expected.assertClose(trainee.values(SOME_WEIGHT, Part.GRADIENT), gradient, 1e-5, "gradient");
        }
    }

    @Test
    void savedWeightsAreThoseThatWereTrained() throws IOException {
        Path exact = folder.resolve("exact");
        Path half = folder.resolve("half");
        int[] text = batch(5).get(0).tokens();
        try (Trainee trainee = load("gemma2")) {
            steps(trainee, 0, 2);
            // When
            trainee.save(exact, StoredType.F32);
            trainee.save(half, StoredType.BF16);
            // Then
            List<float[]> logProbs = trainee.logProbs(batch(5), 1);
            try (Trainee loaded = Trainee.load(Checkpoint.open(exact), Fixture.ENGINE)) {
                assertThat(loaded.logProbs(batch(5), 1))
                        .usingRecursiveComparison()
                        .isEqualTo(logProbs);
            }
            float[] logits = logits(exact, text);
            assertThat(logits).isNotEqualTo(logits(Fixture.of("gemma2").folder(), text));
            float[] near = logits(half, text);
            assertThat(near).isNotEqualTo(logits);
            Expected.assertClose(near, logits, 0.3, "logits of weights in bfloat16");
        }
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            assertThat(exact.resolve(file))
                    .hasSameBinaryContentAs(Fixture.of("gemma2").folder().resolve(file));
        }
        assertThat(config(exact).get("dtype").textValue()).isEqualTo("float32");
        assertThat(config(half).get("dtype").textValue()).isEqualTo("bfloat16");
    }

    @Test
    void aLanguageModelGetsAScoreHeadAndLearnsToScore() throws IOException {
        List<Scored> batch = IntStream.range(0, 6)
                .mapToObj(i -> new Scored(text(new Random(i), 6 + i), i % 2))
                .toList();
        List<int[]> texts = batch.stream().map(Scored::tokens).toList();
        try (Trainee trainee = Trainee.withScoreHead(Fixture.of("llama").checkpoint(), Fixture.ENGINE, 5)) {
            ScoreStats before = trainee.score(batch, 0);
            // When
            for (int i = 0; i < 20; i++) {
                trainee.score(batch, 1.0 / batch.size());
                trainee.step(1e-2, ADAM, 1);
            }
            // Then
            ScoreStats after = trainee.score(batch, 0);
            assertThat(before.lossSum() / batch.size()).isCloseTo(Math.log(2), within(0.2));
            assertThat(after.correct()).isEqualTo(6);
            assertThat(after.lossSum()).isLessThan(before.lossSum() / 4);
            trainee.save(folder, StoredType.F32);
            assertThat(config(folder).get("architectures").get(0).textValue())
                    .isEqualTo("LlamaForSequenceClassification");
            Checkpoint saved = Checkpoint.open(folder).verify();
            assertThat(saved.config().labels()).isEqualTo(1);
            try (Decoder decoder = Decoder.load(saved, Fixture.ENGINE)) {
                double[] scores = OnThread.call(decoder.thread(), () -> decoder.scores(texts));
                float[] expected = trainee.scores(texts);
                for (int i = 0; i < scores.length; i++) {
                    assertThat(scores[i]).isCloseTo(expected[i], within(1e-4));
                }
            }
        }
    }

    @Test
    void freshWeightsAreThoseOfTheSeedAndKnowNothingYet() throws IOException {
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(Fixture.of("gemma2").folder().resolve(file), folder.resolve(file));
        }
        Checkpoint model = Checkpoint.openWithoutWeights(folder);
        try (Trainee first = Trainee.initialize(model, Fixture.ENGINE, 3);
                Trainee same = Trainee.initialize(model, Fixture.ENGINE, 3);
                Trainee other = Trainee.initialize(model, Fixture.ENGINE, 4)) {
            float[] weight = first.values(SOME_WEIGHT, Part.WEIGHT);
            assertThat(same.values(SOME_WEIGHT, Part.WEIGHT)).isEqualTo(weight);
            assertThat(other.values(SOME_WEIGHT, Part.WEIGHT)).isNotEqualTo(weight);
            assertThat(Expected.norm(weight) / Math.sqrt(weight.length)).isCloseTo(0.02, within(0.002));
            float[] down = first.values("model.layers.0.mlp.down_proj.weight", Part.WEIGHT);
            assertThat(Expected.norm(down) / Math.sqrt(down.length)).isCloseTo(0.02 / Math.sqrt(8), within(7e-4));
            assertThat(first.values("model.norm.weight", Part.WEIGHT)).containsOnly(0); // Gemma's stand for 1
            SftStats stats = first.sft(batch(1), 1);
            assertThat(stats.lossSum() / stats.tokens()).isCloseTo(Math.log(300), within(0.3));
            assertThat(first.parameters()).isEqualTo(53_152);
        }
        assertThatThrownBy(() -> Trainee.load(model, Fixture.ENGINE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void matricesInBfloat16ComeNearFloat32() throws IOException {
        EngineSettings bfloat16 = new EngineSettings(Fixture.ENGINE.device(), Precision.BFLOAT16, 1);
        List<Sequence> batch = batch(3);
        try (Trainee exact = load("qwen3");
                Trainee rough = Trainee.load(Fixture.of("qwen3").checkpoint(), bfloat16)) {
            // When
            SftStats expected = exact.sft(batch, 0.02);
            SftStats actual = rough.sft(batch, 0.02);
            // Then
            assertThat(actual.lossSum())
                    .isNotEqualTo(expected.lossSum())
                    .isCloseTo(expected.lossSum(), within(0.01 * expected.lossSum()));
            double norm = exact.step(1e-2, ADAM, 1).gradNorm();
            assertThat(rough.step(1e-2, ADAM, 1).gradNorm()).isCloseTo(norm, within(0.05 * norm));
        }
        EngineSettings float16 = new EngineSettings(Fixture.ENGINE.device(), Precision.FLOAT16, 1);
        assertThatThrownBy(() -> Trainee.load(Fixture.of("qwen3").checkpoint(), float16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float16");
    }

    @Test
    void whatDoesNotFitIsNamed() throws IOException {
        Sequence sequence = new Sequence(new int[] {1, 2, 3}, 2);
        RlSettings withReference = new RlSettings(0.2, 0.2, 0.08, 1);
        RlSequence sample = new RlSequence(sequence, 1, new float[] {-1}, new float[0], 1);
        try (Trainee trainee = load("llama");
                Trainee scorer = load("llama-score")) {
            assertThatThrownBy(() -> trainee.sft(List.of(), 1)).hasMessageContaining("empty");
            assertThatThrownBy(() -> trainee.sft(List.of(sequence, new Sequence(new int[] {1, 300}, 1)), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sequence 1 of the batch has the token 300");
            assertThatThrownBy(() -> trainee.sft(List.of(new Sequence(new int[600], 1)), 1))
                    .hasMessageContaining("600 tokens: the model's context is 512");
            assertThatThrownBy(() -> trainee.rl(List.of(sample), withReference))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("beta is 0.08");
            assertThatThrownBy(() -> trainee.logProbs(List.of(sequence), 0)).hasMessageContaining("temperature");
            assertThatThrownBy(() -> trainee.score(List.of(new Scored(new int[] {1}, 1)), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no score head");
            assertThatThrownBy(() -> scorer.sft(List.of(sequence), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a language model is needed");
            assertThat(trainee.step(1, ADAM, 1)).isEqualTo(new StepStats(0, false));
            assertThat(trainee.steps()).isZero();
        }
        assertThatThrownBy(() -> new Sequence(new int[] {1, 2}, 2)).hasMessageContaining("prompt of 2");
        assertThatThrownBy(() -> new RlSequence(sequence, 1, new float[2], new float[0], 1))
                .hasMessageContaining("a sample of 1 tokens has 2 old");
        for (double dualClip : new double[] {-1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new RlSettings(0.1, 0.2, 0, 1, false, false, dualClip))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 1 + the upper clip, 1.2");
        }
    }

    private static Trainee load(String name) throws IOException {
        return Trainee.load(Fixture.of(name).checkpoint(), Fixture.ENGINE);
    }

    private static void steps(Trainee trainee, int from, int to) {
        for (int i = from; i < to; i++) {
            trainee.sft(batch(i), 0.02);
            trainee.step(1e-2, ADAM, 1);
        }
    }

    private static List<Sequence> batch(int seed) {
        Random random = new Random(seed);
        return IntStream.range(0, 4)
                .mapToObj(i -> new Sequence(text(random, 12 + 3 * i), 4 + i))
                .toList();
    }

    private static int[] text(Random random, int length) {
        return random.ints(length, 5, 300).toArray();
    }

    private static float[] logits(Path checkpoint, int[] text) {
        try (Decoder decoder = Decoder.load(Checkpoint.open(checkpoint), Fixture.ENGINE)) {
            return OnThread.call(decoder.thread(), () -> decoder.logits(text));
        }
    }

    private static JsonNode config(Path checkpoint) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(checkpoint.resolve("config.json")));
    }
}
