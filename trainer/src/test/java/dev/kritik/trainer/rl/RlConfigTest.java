/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.train.RlSettings;
import dev.kritik.schema.config.ConfigError;

class RlConfigTest {

    @Test
    void defaultsAreThePapersWhereItSaysThem() {
        assertThat(RlConfig.from(Map.of()))
                .isEqualTo(new RlConfig(
                        4,
                        new Sampling(1, 0, 1, 1024, List.of()),
                        new ObjectiveConfig(new RlSettings(0.2, 0.2, 0.08, 1, false), Aggregation.SEQUENCE, 1, true),
                        true,
                        3,
                        false,
                        64));
    }

    @Test
    void everyKeyIsRead() {
        // Given
        Map<String, String> keys = Map.ofEntries(
                Map.entry("rl.group.size", "8"),
                Map.entry("rl.temperature", "0.7"),
                Map.entry("rl.max.tokens", "99"),
                Map.entry("rl.order", "output"),
                Map.entry("rl.rows", "16"),
                Map.entry("rl.drop.easy", "0"),
                Map.entry("kl.beta", "0.8"),
                Map.entry("kl.unbiased", "true"),
                Map.entry("kl.measure", "false"),
                Map.entry("rl.clip.low", "0.1"),
                Map.entry("rl.clip.high", "0.3"),
                Map.entry("rl.clip.dual", "4"),
                Map.entry("rl.ratio", "sequence"),
                Map.entry("rl.loss.aggregation", "constant"),
                Map.entry("rl.epochs", "2"),
                Map.entry("rl.keep.flat", "false"));

        // Then
        assertThat(keys.keySet()).isEqualTo(RlConfig.DEF.names());
        assertThat(RlConfig.from(keys))
                .isEqualTo(new RlConfig(
                        8,
                        new Sampling(0.7, 0, 1, 99, List.of()),
                        new ObjectiveConfig(
                                new RlSettings(0.1, 0.3, 0.8, 0.7, true, true, 4), Aggregation.CONSTANT, 2, false),
                        false,
                        0,
                        true,
                        16));
    }

    @Test
    void betaIsAnyNumberThatIsNotNegative() {
        assertThat(RlConfig.from(Map.of("kl.beta", "0")).objective().settings().klBeta())
                .isZero();
        assertThatThrownBy(() -> RlConfig.from(Map.of("kl.beta", "-0.1")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("kl.beta");
    }

    @Test
    void aDualClipWithinTheOtherIsRefusedByItsKey() {
        assertThat(RlConfig.from(Map.of("rl.clip.dual", "1.2"))
                        .objective()
                        .settings()
                        .dualClip())
                .isEqualTo(1.2);
        assertThatThrownBy(() -> RlConfig.from(Map.of("rl.clip.dual", "1.1")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("rl.clip.dual is 1.1")
                .hasMessageContaining("rl.clip.high, 1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kl.beta", "rl.temperature", "rl.clip.low", "rl.clip.high", "rl.clip.dual"})
    void aNumberThatIsNoneIsNamedByItsKey(String key) {
        for (String value : List.of("NaN", "Infinity")) {
            assertThatThrownBy(() -> RlConfig.from(Map.of(key, value)))
                    .isInstanceOf(ConfigError.class)
                    .hasMessageContaining(key);
        }
    }
}
