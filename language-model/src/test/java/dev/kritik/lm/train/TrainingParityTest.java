/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Fixture;
import dev.kritik.lm.torch.OnThread;
import dev.kritik.lm.torch.TrainableDecoder.Part;

/** The training engine against transformers, PyTorch and TRL, in float32. */
class TrainingParityTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void logProbsAreThoseOfTheDecoderThatWrites(String name) throws IOException {
        Fixture fixture = Fixture.of(name);
        List<Sequence> batch =
                Expected.sequences(Expected.json("sft.json").get(name).get("sequences"));
        double temperature = 0.7;
        try (Trainee trainee = Trainee.load(fixture.checkpoint(), Fixture.ENGINE);
                Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE)) {
            // When
            List<float[]> logProbs = trainee.logProbs(batch, temperature);
            // Then
            assertThat(logProbs).hasSameSizeAs(batch);
            for (int i = 0; i < batch.size(); i++) {
                int[] tokens = batch.get(i).tokens();
                float[] logits = OnThread.call(decoder.thread(), () -> decoder.logits(tokens));
                float[] expected = logProbs(logits, batch.get(i), temperature);
                Expected.assertClose(logProbs.get(i), expected, 1e-4, "log-probabilities of sequence " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void fineTuningHasTransformersLossAndGradients(String name) throws IOException {
        JsonNode expected = Expected.json("sft.json").get(name);
        List<Sequence> batch = Expected.sequences(expected.get("sequences"));
        try (Trainee trainee = Trainee.load(Fixture.of(name).checkpoint(), Fixture.ENGINE)) {
            // When
            SftStats stats = trainee.sft(batch, 1.0 / Expected.written(batch));
            // Then
            double loss = expected.get("loss").doubleValue();
            assertThat(stats.lossSum()).isCloseTo(loss, within(1e-5 * loss));
            assertThat(stats.correct()).isEqualTo(expected.get("correct").intValue());
            assertThat(stats.tokens()).isEqualTo(Expected.written(batch));
            Expected.assertGradients(trainee, expected.get("gradients"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-score", "qwen2-score", "qwen3-score", "gemma2-score"})
    void scoresHaveTransformersLossAndGradients(String name) throws IOException {
        JsonNode expected = Expected.json("score.json").get(name);
        List<Scored> batch = new ArrayList<>();
        for (int i = 0; i < expected.get("texts").size(); i++) {
            batch.add(new Scored(
                    Expected.ints(expected.get("texts").get(i)),
                    expected.get("labels").get(i).doubleValue()));
        }
        try (Trainee trainee = Trainee.load(Fixture.of(name).checkpoint(), Fixture.ENGINE)) {
            // When
            float[] scores = trainee.scores(batch.stream().map(Scored::tokens).toList());
            ScoreStats stats = trainee.score(batch, 1.0 / batch.size());
            // Then
            Expected.assertClose(scores, Expected.floats(expected.get("scores")), 2e-5, "scores");
            assertThat(stats.lossSum()).isCloseTo(expected.get("loss").doubleValue(), within(1e-5));
            int correct = 0;
            for (int i = 0; i < scores.length; i++) {
                correct += (scores[i] > 0) == (batch.get(i).label() > 0.5) ? 1 : 0;
            }
            assertThat(stats.correct()).isEqualTo(correct);
            Expected.assertGradients(trainee, expected.get("gradients"));
        }
    }

    @Test
    void fiveClippedStepsAreThoseOfPyTorchsAdamW() throws IOException {
        JsonNode expected = Expected.json("adamw.json");
        JsonNode settings = expected.get("settings");
        AdamW adam = new AdamW(
                settings.get("beta1").doubleValue(),
                settings.get("beta2").doubleValue(),
                settings.get("epsilon").doubleValue(),
                settings.get("decay").doubleValue());
        try (Trainee trainee = Trainee.load(Fixture.of("llama").checkpoint(), Fixture.ENGINE)) {
            for (JsonNode step : expected.get("steps")) {
                List<Sequence> batch = Expected.sequences(step.get("sequences"));
                // When
                SftStats stats = trainee.sft(batch, 1.0 / Expected.written(batch));
                StepStats done = trainee.step(
                        settings.get("rate").doubleValue(),
                        adam,
                        settings.get("most").doubleValue());
                // Then
                assertThat(stats.lossSum()).isCloseTo(step.get("loss").doubleValue(), within(2e-3));
                assertThat(done.gradNorm()).isCloseTo(step.get("norm").doubleValue(), within(1e-4));
                assertThat(done.skipped()).isFalse();
            }
            assertThat(trainee.steps()).isEqualTo(5);
            Expected.tensors("adamw.safetensors")
                    .forEach((name, values) ->
                            Expected.assertClose(trainee.values(name, Part.WEIGHT), values, 1e-5, name));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void grpoHasTrlsLossAndGradients(int number) throws IOException {
        JsonNode expected = Expected.json("grpo.json").get(number);
        RlSettings settings = new RlSettings(
                expected.get("clip_low").doubleValue(),
                expected.get("clip_high").doubleValue(),
                expected.get("beta").doubleValue(),
                expected.get("temperature").doubleValue(),
                expected.get("unbiased_kl").booleanValue());
        try (Trainee trainee = Trainee.load(Fixture.of("llama").checkpoint(), Fixture.ENGINE)) {
            // When
            RlStats stats = trainee.rl(samples(expected, settings.klBeta() > 0), settings);
            // Then
            assertThat(stats.loss()).isCloseTo(expected.get("loss").doubleValue(), within(1e-5));
            JsonNode metrics = expected.get("metrics");
            assertThat(stats.entropy()).isCloseTo(metrics.get("entropy").doubleValue(), within(1e-5));
            assertThat(stats.clipFraction())
                    .isCloseTo(metrics.get("clip_ratio/region_mean").doubleValue(), within(1e-6))
                    .isGreaterThan(0.05);
            if (!settings.unbiasedKl()) { // else TRL counts what enters the loss
                assertThat(stats.kl()).isCloseTo(metrics.path("kl").asDouble(0), within(1e-5));
            }
            assertThat(stats.ratioMax()).isGreaterThan(1 + settings.clipHigh());
            Expected.assertGradients(trainee, expected.get("gradients"));
            int compared = 0;
            for (Map.Entry<String, float[]> gradient :
                    Expected.tensors("grpo.safetensors").entrySet()) {
                if (gradient.getKey().startsWith(number + ".")) {
                    String name = gradient.getKey().substring(2);
                    Expected.assertClose(trainee.values(name, Part.GRADIENT), gradient.getValue(), 1e-5, name);
                    compared++;
                }
            }
            assertThat(compared).isGreaterThanOrEqualTo(4);
        }
    }

    private static List<RlSequence> samples(JsonNode expected, boolean reference) {
        List<Sequence> sequences = Expected.sequences(expected.get("sequences"));
        List<RlSequence> samples = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            samples.add(new RlSequence(
                    sequences.get(i),
                    expected.get("advantages").get(i).doubleValue(),
                    Expected.floats(expected.get("old").get(i)),
                    reference ? Expected.floats(expected.get("reference").get(i)) : new float[0],
                    1.0 / sequences.size() / sequences.get(i).written()));
        }
        return samples;
    }

    private static float[] logProbs(float[] logits, Sequence sequence, double temperature) {
        int vocabulary = logits.length / sequence.tokens().length;
        float[] logProbs = new float[sequence.written()];
        for (int i = 0; i < logProbs.length; i++) {
            int place = (sequence.promptLength() - 1 + i) * vocabulary;
            double sum = 0;
            for (int token = 0; token < vocabulary; token++) {
                sum += Math.exp(logits[place + token] / temperature);
            }
            int written = sequence.tokens()[sequence.promptLength() + i];
            logProbs[i] = (float) (logits[place + written] / temperature - Math.log(sum));
        }
        return logProbs;
    }
}
