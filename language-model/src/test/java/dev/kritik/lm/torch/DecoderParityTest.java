/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.torch.Decoder.Batch;

/** The decoder against Hugging Face transformers, in float32. */
class DecoderParityTest {

    private static final float LIMIT = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void logitsWithoutCacheEqualTransformers(String name) throws Exception {
        Fixture fixture = Fixture.of(name);
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE)) {
            // When
            float[] logits = on(decoder, () -> decoder.logits(fixture.ints("tokens")));
            // Then
            assertSame(logits, fixture.logits());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void logitsThroughChunksCachesAndSegmentsEqualTransformers(String name) throws Exception {
        Fixture fixture = Fixture.of(name);
        int[] tokens = fixture.ints("tokens");
        int vocabulary = fixture.checkpoint().config().vocabSize();
        float[] expected = fixture.logits();
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE)) {
            on(decoder, () -> {
                // Given: a segment of 9 tokens in two chunks, and two groups: two ragged rows behind it, one row alone
                decoder.addSegment(1, 9);
                decoder.fillSegment(1, tokens, 0, 4, -1);
                decoder.fillSegment(1, tokens, 4, 9, 77);
                assertSame(decoder.keptLogits(77), at(expected, 8, vocabulary));
                decoder.resizeGroup(5, 3, 8);
                decoder.fillRow(5, 0, 1, 9, tokens, 9, 11, -1);
                decoder.fillRow(5, 2, 1, 9, tokens, 9, 12, -1);
                decoder.fillRow(5, 2, 1, 9, tokens, 12, 15, 78);
                assertSame(decoder.keptLogits(78), at(expected, 14, vocabulary));
                decoder.moveRow(5, 2, 1, 6);
                decoder.resizeGroup(5, 2, 40);
                decoder.resizeGroup(6, 1, 40);
                decoder.fillRow(6, 0, -1, 0, tokens, 0, 13, -1);
                int[] done = {11, 15, 13};
                // When: they take steps together
                for (int i = 0; i < 14; i++) {
                    float[] logits = decoder.decode(new Batch(
                            new long[] {5, 6},
                            new long[] {2, 1},
                            new long[] {1, -1},
                            new long[] {9, 0},
                            new long[] {tokens[done[0]], tokens[done[1]], tokens[done[2]]},
                            new long[] {done[0] - 9, done[1] - 9, done[2]}));
                    // Then
                    for (int row = 0; row < 3; row++) {
                        assertSame(at(logits, row, vocabulary), at(expected, done[row], vocabulary));
                        done[row]++;
                    }
                }
                return null;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void logitsWithoutPackedMatricesEqualTransformersToo(String name) throws Exception {
        Fixture fixture = Fixture.of(name);
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE, false)) {
            assertSame(on(decoder, () -> decoder.logits(fixture.ints("tokens"))), fixture.logits());
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, BFLOAT16", "qwen3, BFLOAT16", "gemma2, BFLOAT16", "llama, FLOAT16"})
    void smallerTypesAreNearFloat32(String name, Precision precision) throws Exception {
        Fixture fixture = Fixture.of(name);
        EngineSettings settings = new EngineSettings(Fixture.ENGINE.device(), precision, 1);
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), settings)) {
            // When
            float[] logits = on(decoder, () -> decoder.logits(fixture.ints("tokens")));
            // Then: about two digits of each logit remain, over all of them
            float[] expected = fixture.logits();
            double squares = 0;
            double size = 0;
            for (int i = 0; i < logits.length; i++) {
                squares += Math.pow(logits[i] - expected[i], 2);
                size += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(squares / size)).isLessThan(0.08).isGreaterThan(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-score", "qwen2-score", "qwen3-score", "gemma2-score"})
    void scoresEqualTransformers(String name) throws Exception {
        Fixture fixture = Fixture.of(name);
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE)) {
            // When
            double[] scores = on(decoder, () -> decoder.scores(fixture.intLists("sequences")));
            // Then
            assertThat(scores).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(scores[i])
                        .isCloseTo(fixture.expected().get("scores").get(i).doubleValue(), within((double) LIMIT));
            }
        }
    }

    @Test
    void resetForgetsEachTime() throws Exception {
        Fixture fixture = Fixture.of("llama");
        int[] tokens = fixture.ints("tokens");
        try (Decoder decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE)) {
            for (int i = 0; i < 4; i++) {
                on(decoder, () -> {
                    // Given
                    decoder.addSegment(1, 4);
                    decoder.fillSegment(1, tokens, 0, 4, 77);
                    assertThat(decoder.keptLogits(77)).isNotEmpty();
                    // When
                    decoder.reset();
                    // Then
                    assertThatThrownBy(() -> decoder.keptLogits(77)).hasMessageContaining("77");
                    assertThatThrownBy(() -> decoder.fillSegment(1, tokens, 0, 4, -1))
                            .isInstanceOf(ai.djl.engine.EngineException.class);
                    return null;
                });
            }
        }
    }

    private static float[] at(float[] logits, int row, int vocabulary) {
        return Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float worst = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isFinite();
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).as("largest difference of a logit").isLessThan(LIMIT);
    }

    private static <T> T on(Decoder decoder, Callable<T> task) throws IOException {
        return OnThread.call(decoder.thread(), task);
    }
}
