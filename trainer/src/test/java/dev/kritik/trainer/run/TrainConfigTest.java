/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.train.AdamW;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.prompt.PromptVersion;

class TrainConfigTest {

    @Test
    void defaults() {
        assertThat(TrainConfig.from(Map.of()))
                .isEqualTo(new TrainConfig(
                        0,
                        1,
                        0,
                        8192,
                        0,
                        0.5,
                        new TrainConfig.Rate(0, 10, Schedule.Shape.CONSTANT, 0),
                        new AdamW(0.9, 0.999, 1e-8, 0),
                        1,
                        1,
                        new EngineSettings(
                                "cpu", Precision.FLOAT32, Runtime.getRuntime().availableProcessors()),
                        false,
                        Optional.empty(),
                        new TrainConfig.Keeping(100, 2, false),
                        50,
                        1024,
                        Optional.empty()));
    }

    @Test
    void everyKeyIsRead() {
        // Given
        Map<String, String> keys = Map.ofEntries(
                Map.entry("train.steps", "7"),
                Map.entry("train.epochs", "2"),
                Map.entry("train.batch", "16"),
                Map.entry("train.micro.tokens", "512"),
                Map.entry("data.max.tokens", "300"),
                Map.entry("mix.share", "0.25"),
                Map.entry("train.lr", "0.001"),
                Map.entry("train.lr.schedule", "cosine"),
                Map.entry("train.lr.floor", "0.1"),
                Map.entry("train.warmup.steps", "3"),
                Map.entry("train.adam.beta1", "0.8"),
                Map.entry("train.adam.beta2", "0.95"),
                Map.entry("train.adam.epsilon", "1e-6"),
                Map.entry("train.weight.decay", "0.01"),
                Map.entry("train.clip.norm", "0.5"),
                Map.entry("train.seed", "42"),
                Map.entry("train.device", "cuda:1"),
                Map.entry("train.threads", "3"),
                Map.entry("train.precision", "bfloat16"),
                Map.entry("train.init", "random"),
                Map.entry("train.save.type", "bf16"),
                Map.entry("train.checkpoint.every", "5"),
                Map.entry("train.checkpoint.keep", "4"),
                Map.entry("train.final", "best"),
                Map.entry("train.prompt", "brief-v1"),
                Map.entry("eval.every", "6"),
                Map.entry("eval.max.tokens", "99"));

        // Then
        assertThat(keys.keySet()).isEqualTo(TrainConfig.DEF.names());
        assertThat(TrainConfig.from(keys))
                .isEqualTo(new TrainConfig(
                        7,
                        2,
                        16,
                        512,
                        300,
                        0.25,
                        new TrainConfig.Rate(0.001, 3, Schedule.Shape.COSINE, 0.1),
                        new AdamW(0.8, 0.95, 1e-6, 0.01),
                        0.5,
                        42,
                        new EngineSettings("cuda:1", Precision.BFLOAT16, 3),
                        true,
                        Optional.of(StoredType.BF16),
                        new TrainConfig.Keeping(5, 4, true),
                        6,
                        99,
                        Optional.of(PromptVersion.BRIEF_V1)));
    }

    @Test
    void aBadValueIsNamedByItsKey() {
        assertThatThrownBy(() -> TrainConfig.from(Map.of("train.lr.schedule", "stairs")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("train.lr.schedule");
        assertThatThrownBy(() -> TrainConfig.from(Map.of("train.device", "tpu")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("train.device");
    }

    @Test
    void zeroMeansThePapersValueAndStepsFollowFromEpochs() {
        TrainConfig config = TrainConfig.from(Map.of("train.epochs", "3"));

        assertThat(config.batch(Kind.RFT)).isEqualTo(1024);
        assertThat(config.schedule(Kind.RL, 100).peak()).isEqualTo(4e-7);
        assertThat(config.steps(Kind.META_RM, 1000)).isEqualTo(6);
        assertThat(config.schedule(Kind.RFT, 4).warmup()).isEqualTo(4);
    }
}
