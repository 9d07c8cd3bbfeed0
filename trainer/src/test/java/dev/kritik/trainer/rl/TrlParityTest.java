/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.train.Gradients;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.RlSettings;
import dev.kritik.lm.train.RlStats;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.Tiny;

/** GRPO against TRL's own trainer, in float32: from rewards to advantages, weights of tokens, loss and gradients. */
class TrlParityTest {

    private static final int MICRO = 3;
    private static Trainee trainee;

    static List<TrlCase> cases() throws IOException {
        return TrlCase.all();
    }

    @BeforeAll
    static void load() {
        Tiny.assumeNatives();
        trainee = Trainee.load(Checkpoint.open(Tiny.model("llama")), new EngineSettings("cpu", Precision.FLOAT32, 1));
    }

    @AfterAll
    static void close() {
        if (trainee != null) {
            trainee.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void advantagesAreTrlsBeforeItAddsASmallNumberToTheDeviation(TrlCase trl) {
        // Given
        double[] rewards = trl.rewards();
        double[] expected = trl.advantages();
        double[] shrink = trl.shrink();

        // When
        double[] advantages = trl.ourAdvantages();

        // Then
        for (int i = 0; i < rewards.length; i++) {
            if (Double.isNaN(rewards[i])) {
                assertThat(advantages[i]).isNaN();
                assertThat(expected[i]).as("TRL lets it stay in the batch").isZero();
            } else {
                assertThat(advantages[i] * shrink[i]).isCloseTo(expected[i], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientsAreTrls(TrlCase trl) {
        // When
        trainee.zeroGradients();
        RlStats stats = trainee.rl(trl.batch(), trl.settings());

        // Then
        assertThat(stats.loss()).isCloseTo(trl.loss(), within(1e-5));
        assertThat(trl.norms()).hasSize(21);
        trl.norms().forEach((weight, norm) -> {
            float[] gradient = Gradients.of(trainee, weight);
            assertThat(norm(gradient)).as("norm of the gradient of " + weight).isCloseTo(norm, within(1e-5 * norm));
            assertClose(gradient, trl.first(weight), 1e-5, weight);
        });
        assertThat(trl.gradients()).hasSize(2).allSatisfy((weight, expected) -> {
            float[] gradient = Gradients.of(trainee, weight);
            assertThat(gradient).hasSameSizeAs(expected);
            assertClose(gradient, expected, 1e-5, weight);
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void microBatchesAddUpToTheSameLossAndGradients(TrlCase trl) {
        // Given
        List<RlSequence> batch = trl.batch();
        trainee.zeroGradients();
        double loss = trainee.rl(batch, trl.settings()).loss();
        Map<String, float[]> whole = new HashMap<>();
        trl.norms().keySet().forEach(weight -> whole.put(weight, Gradients.of(trainee, weight)));

        // When
        trainee.zeroGradients();
        double added = 0;
        for (int from = 0; from < batch.size(); from += MICRO) {
            List<RlSequence> micro = batch.subList(from, Math.min(from + MICRO, batch.size()));
            added += trainee.rl(micro, trl.settings()).loss();
        }

        // Then
        assertThat(added).isCloseTo(loss, within(1e-6));
        whole.forEach((weight, expected) -> assertClose(Gradients.of(trainee, weight), expected, 1e-6, weight));
    }

    /** TRL leaves out of its share what a dual clip cuts off, and counts sequences where they have one ratio. */
    @ParameterizedTest
    @MethodSource("cases")
    void statisticsAreTrlsAndOfTokens(TrlCase trl) {
        // Given
        List<RlSequence> batch = trl.batch();
        RlSettings settings = trl.settings();
        Cut cut = Cut.of(batch, trainee, settings);

        // When
        RlStats stats = trainee.rl(batch, settings);

        // Then
        assertThat(stats.clipFraction()).isCloseTo(cut.offTokens, within(1e-9));
        assertThat(stats.ratioMax()).isCloseTo(cut.largest, within(1e-5 * cut.largest));
        if (settings.dualClip() > 0) {
            assertThat(cut.offTokens).as("with what the dual clip cuts off").isGreaterThan(cut.tokens);
        }
        if (batch.size() == trl.inTrlsBatch()) { // else TRL's means are over texts without a reward too
            double clipped = settings.sequenceRatio() ? cut.sequences : cut.tokens;
            assertThat(clipped).isCloseTo(trl.metric("clip_ratio/region_mean"), within(1e-6));
            assertThat(stats.entropy()).isCloseTo(trl.metric("entropy"), within(1e-5));
            if (settings.klBeta() > 0 && !settings.unbiasedKl()) { // else it means what enters the loss
                assertThat(stats.kl()).isCloseTo(trl.metric("kl"), within(1e-5));
            }
        }
    }

    /** Shares of tokens and sequences outside the clips, as their definition has them; with the dual clip, of tokens. */
    private record Cut(double tokens, double sequences, double offTokens, double largest) {

        static Cut of(List<RlSequence> batch, Trainee trainee, RlSettings settings) {
            List<float[]> logProbs =
                    trainee.logProbs(batch.stream().map(RlSequence::sequence).toList(), settings.temperature());
            double[] counts = new double[4];
            double all = 0;
            double largest = 0;
            for (int i = 0; i < batch.size(); i++) {
                double[] ratios = ratios(logProbs.get(i), batch.get(i).oldLogProbs(), settings.sequenceRatio());
                double advantage = batch.get(i).advantage();
                boolean any = false;
                for (double ratio : ratios) {
                    boolean cut = (ratio < 1 - settings.clipLow() && advantage < 0)
                            || (ratio > 1 + settings.clipHigh() && advantage > 0);
                    boolean dual = settings.dualClip() > 0 && ratio > settings.dualClip() && advantage < 0;
                    counts[0] += cut ? 1 : 0;
                    counts[2] += cut || dual ? 1 : 0;
                    any |= cut;
                    largest = Math.max(largest, ratio);
                }
                counts[1] += any ? 1 : 0;
                all += ratios.length;
            }
            return new Cut(counts[0] / all, counts[1] / batch.size(), counts[2] / all, largest);
        }

        private static double[] ratios(float[] now, float[] old, boolean ofSequence) {
            double[] ratios = new double[now.length];
            double sum = 0;
            for (int i = 0; i < now.length; i++) {
                ratios[i] = Math.exp((double) now[i] - old[i]);
                sum += (double) now[i] - old[i];
            }
            if (ofSequence) {
                Arrays.fill(ratios, Math.exp(sum / now.length));
            }
            return ratios;
        }
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** As many numbers as are expected, within a share of the largest of all. */
    private static void assertClose(float[] actual, float[] expected, double limit, String weight) {
        double largest = 0;
        for (float value : actual) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).as("gradient of " + weight).isPositive().isFinite();
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
        }
        assertThat(worst).as("largest difference in the gradient of " + weight).isLessThan(limit * largest);
    }
}
