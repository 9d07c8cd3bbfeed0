/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class ConfigsTest {

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    "stream.k",
                    ConfigDef.Type.INT,
                    8,
                    ConfigDef.Range.between(1, 64),
                    ConfigDef.Importance.HIGH,
                    "Samples.");

    @Test
    void namesTheNearestKnownKeyForAnUnknownOne() {
        assertThatThrownBy(() -> Configs.rejectUnknown(Map.of("stream.kk", "8"), List.of(DEFINITION), List.of()))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("'stream.kk'")
                .hasMessageContaining("'stream.k'");
    }

    @Test
    void checksKeysForKafkaClientsToo() {
        assertThatThrownBy(() ->
                        Configs.rejectUnknown(Map.of("kafka.bootstrap.server", "a:1"), List.of(DEFINITION), List.of()))
                .hasMessageContaining("'kafka.bootstrap.servers'");
        assertThatCode(() ->
                        Configs.rejectUnknown(Map.of("kafka.security.protocol", "SSL"), List.of(DEFINITION), List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void handsOnKeysThatAPluginOfKafkasClientsMayKnow() {
        Map<String, String> keys = Map.of("kafka.ssl.engine.factory.class", "a.Factory", "kafka.my.hsm.slot", "3");
        assertThatCode(() -> Configs.rejectUnknown(keys, List.of(DEFINITION), List.of()))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () -> Configs.rejectUnknown(Map.of("kafka.my.hsm.slot", "3"), List.of(DEFINITION), List.of()))
                .hasMessageContaining("'kafka.my.hsm.slot'");
        assertThatThrownBy(() ->
                        Configs.rejectUnknown(Map.of("kafka.sasl.mechanisms", "PLAIN"), List.of(DEFINITION), List.of()))
                .hasMessageContaining("'kafka.sasl.mechanism'");
    }

    @Test
    void namesTheKeyWhoseValueIsOutOfLimits() {
        assertThatThrownBy(() -> Configs.parse(DEFINITION, Map.of("stream.k", "0")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("stream.k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999"})
    void refusesWhatIsNoFiniteNumberWhateverTheLimits(String value) {
        ConfigDef definition = new ConfigDef()
                .define("a.free", ConfigDef.Type.DOUBLE, 1.0, ConfigDef.Importance.LOW, "No limits.")
                .define(
                        "a.beta",
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        ConfigDef.Range.between(-1e300, 1e300),
                        ConfigDef.Importance.LOW,
                        "Limits.");

        for (String key : definition.names()) {
            assertThatThrownBy(() -> Configs.parse(definition, Map.of(key, value)))
                    .isInstanceOf(ConfigError.class)
                    .hasMessageContaining(key);
        }
        assertThat(Configs.parse(definition, Map.of("a.free", "-2.5")).getDouble("a.free"))
                .isEqualTo(-2.5);
    }

    @Test
    void passesOverKeysOfOtherRoles() {
        assertThat(Configs.parse(DEFINITION, Map.of("worker.slots", "4")).getInt("stream.k"))
                .isEqualTo(8);
    }
}
