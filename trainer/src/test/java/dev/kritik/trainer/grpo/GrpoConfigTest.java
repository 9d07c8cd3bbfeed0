/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.client.Advantages;
import dev.kritik.client.Advantages.Baseline;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.train.RlSettings;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.trainer.rl.Aggregation;
import dev.kritik.trainer.rl.ObjectiveConfig;

class GrpoConfigTest {

    /** Each key with a value that is not its default. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("grpo.job", "mine"),
            Map.entry("grpo.group.size", "16"),
            Map.entry("grpo.max.tokens", "77"),
            Map.entry("grpo.rows", "9"),
            Map.entry("grpo.k", "3"),
            Map.entry("grpo.goal", "advantages"),
            Map.entry("grpo.mask.truncated", "true"),
            Map.entry("grpo.baseline", "leave-one-out"),
            Map.entry("grpo.deviation", "false"),
            Map.entry("grpo.fill", "true"),
            Map.entry("grpo.ahead", "2"),
            Map.entry("grpo.staleness.max", "3"),
            Map.entry("grpo.round.groups", "5"),
            Map.entry("grpo.patience.ms", "60000"),
            Map.entry("grpo.alarm", "stop"),
            Map.entry("grpo.alarm.sigmas", "2.5"),
            Map.entry("grpo.clip.low", "0.1"),
            Map.entry("grpo.clip.high", "0.3"),
            Map.entry("grpo.clip.dual", "3"),
            Map.entry("grpo.ratio", "sequence"),
            Map.entry("grpo.loss.aggregation", "constant"),
            Map.entry("grpo.temperature", "0.8"),
            Map.entry("grpo.epochs", "2"),
            Map.entry("grpo.kl.beta", "0.04"),
            Map.entry("grpo.kl.unbiased", "true"),
            Map.entry("grpo.kl.measure", "false"));

    @Test
    void defaults() {
        assertThat(GrpoConfig.from(Map.of()))
                .isEqualTo(new GrpoConfig(
                        "",
                        8,
                        new Sampling(1, 0, 1, 1024, List.of()),
                        64,
                        new Advantages(Baseline.MEAN, true),
                        new ObjectiveConfig(
                                new RlSettings(0.2, 0.2, 0, 1, false, false, 0), Aggregation.SEQUENCE, 1, true),
                        false,
                        false,
                        1,
                        4,
                        0,
                        Duration.ofMinutes(30),
                        new GrpoConfig.Judging(null, null),
                        new GrpoConfig.Alarm(3, false)));
    }

    @Test
    void eachKeyIsRead() {
        assertThat(OTHERS.keySet()).isEqualTo(GrpoConfig.DEF.names());
        assertThat(GrpoConfig.from(OTHERS))
                .isEqualTo(new GrpoConfig(
                        "mine",
                        16,
                        new Sampling(0.8, 0, 1, 77, List.of()),
                        9,
                        new Advantages(Baseline.LEAVE_ONE_OUT, false),
                        new ObjectiveConfig(
                                new RlSettings(0.1, 0.3, 0.04, 0.8, true, true, 3), Aggregation.CONSTANT, 2, false),
                        true,
                        true,
                        2,
                        3,
                        5,
                        Duration.ofMinutes(1),
                        new GrpoConfig.Judging(3, "advantages"),
                        new GrpoConfig.Alarm(2.5, true)));
    }

    @ParameterizedTest
    @CsvSource({
        "grpo.group.size, 1",
        "grpo.max.tokens, 0",
        "grpo.rows, 0",
        "grpo.k, -1",
        "grpo.goal, perfection",
        "grpo.mask.truncated, perhaps",
        "grpo.baseline, median",
        "grpo.ahead, -1",
        "grpo.staleness.max, -1",
        "grpo.round.groups, -1",
        "grpo.patience.ms, 999",
        "grpo.alarm, shout",
        "grpo.alarm.sigmas, -0.1",
        "grpo.clip.low, 1.1",
        "grpo.clip.high, -1",
        "grpo.clip.dual, 1.1",
        "grpo.ratio, word",
        "grpo.loss.aggregation, median",
        "grpo.temperature, 0",
        "grpo.epochs, 0",
        "grpo.kl.beta, -1",
        "grpo.job, a/b"
    })
    void whatCantBeIsNamedByItsKey(String key, String value) {
        assertThatThrownBy(() -> GrpoConfig.from(Map.of(key, value)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key);
    }

    @Test
    void writingIsNeverAheadByMoreThanAGroupMayBeOld() {
        Map<String, String> keys = new HashMap<>(OTHERS);
        keys.put("grpo.staleness.max", "0");
        assertThat(GrpoConfig.from(keys).ahead()).isZero();
    }

    @Test
    void withoutANameTheJobIsCalledAsTheFolder() {
        GrpoConfig config = GrpoConfig.from(Map.of());
        assertThat(config.job(Path.of("runs", "policy"))).isEqualTo("policy");
        assertThat(config.job(Path.of("runs", "policy", "..", "other"))).isEqualTo("other");
        assertThat(GrpoConfig.from(OTHERS).job(Path.of("runs", "policy"))).isEqualTo("mine");
    }

    @Test
    void aFolderThatCantGiveItsNameIsSaidByTheKeyThatWould() {
        GrpoConfig config = GrpoConfig.from(Map.of());
        assertThatThrownBy(() -> config.job(Path.of("/")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("grpo.job");
        assertThatThrownBy(() -> config.job(Path.of("x".repeat(201))))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("grpo.job")
                .hasMessageContaining("200");
    }
}
