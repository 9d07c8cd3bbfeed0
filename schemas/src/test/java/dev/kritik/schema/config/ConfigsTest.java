/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

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
        assertThatThrownBy(() -> Configs.rejectUnknown(Map.of("stream.kk", "8"), List.of(DEFINITION)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("'stream.kk'")
                .hasMessageContaining("'stream.k'");
    }

    @Test
    void checksKeysForKafkaClientsToo() {
        assertThatThrownBy(() -> Configs.rejectUnknown(Map.of("kafka.bootstrap.server", "a:1"), List.of(DEFINITION)))
                .hasMessageContaining("'kafka.bootstrap.servers'");
        assertThatCode(() -> Configs.rejectUnknown(Map.of("kafka.security.protocol", "SSL"), List.of(DEFINITION)))
                .doesNotThrowAnyException();
    }

    @Test
    void namesTheKeyWhoseValueIsOutOfLimits() {
        assertThatThrownBy(() -> Configs.parse(DEFINITION, Map.of("stream.k", "0")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("stream.k");
    }

    @Test
    void passesOverKeysOfOtherRoles() {
        assertThat(Configs.parse(DEFINITION, Map.of("worker.slots", "4")).getInt("stream.k"))
                .isEqualTo(8);
    }
}
