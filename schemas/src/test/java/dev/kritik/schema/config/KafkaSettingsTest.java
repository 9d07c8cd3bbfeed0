/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;

class KafkaSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        assertThat(KafkaSettings.DEF.names()).containsExactlyInAnyOrder("kafka.bootstrap.servers", "topics.prefix");
        KafkaSettings settings = KafkaSettings.from(Map.of("kafka.bootstrap.servers", "a:9092"));
        assertThat(settings.topics().rewards()).isEqualTo("rewards");
        assertThat(settings.client()).containsExactly(Map.entry("bootstrap.servers", "a:9092"));
    }

    @Test
    void handsEveryKafkaKeyToTheClients() {
        // When
        KafkaSettings settings = KafkaSettings.from(Map.of(
                "kafka.bootstrap.servers", "a:9092",
                "kafka.sasl.jaas.config", "password=s3cret",
                "topics.prefix", "team-a."));

        // Then
        assertThat(settings.with(Map.of("acks", "all")))
                .containsEntry("sasl.jaas.config", "password=s3cret")
                .containsEntry("acks", "all");
        assertThat(settings.topics().rewards()).isEqualTo("team-a.rewards");
        assertThat(settings.toString()).contains("a:9092").doesNotContain("s3cret");
    }

    @Test
    void namesTheKeyThatIsMissingOrWrong() {
        assertThatThrownBy(() -> KafkaSettings.from(Map.of()))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("kafka.bootstrap.servers");
        assertThatThrownBy(() -> KafkaSettings.from(Map.of("kafka.bootstrap.servers", "  ")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("kafka.bootstrap.servers");
        assertThatThrownBy(() -> KafkaSettings.from(Map.of("kafka.bootstrap.servers", "a:1", "topics.prefix", "a/b")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("topics.prefix");
    }

    @Test
    void makesOauthReadyFromTheAddressOfTheIssuerAlone() {
        // Given
        String issuer = "https://issuer.example/token-" + System.nanoTime();

        // When
        Map<String, Object> client = KafkaSettings.from(Map.of(
                        "kafka.bootstrap.servers", "a:9092",
                        "kafka.security.protocol", "SASL_SSL",
                        "kafka.sasl.mechanism", "OAUTHBEARER",
                        "kafka.sasl.oauthbearer.token.endpoint.url", issuer))
                .client();

        // Then
        assertThat(client)
                .containsEntry(
                        "sasl.login.callback.handler.class",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler")
                .containsKey("sasl.jaas.config");
        assertThat(System.getProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls"))
                .contains(issuer);
    }
}
