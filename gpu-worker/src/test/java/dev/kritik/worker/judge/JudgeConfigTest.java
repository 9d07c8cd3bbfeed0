/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.MetaRms;

/** Pins every key of judge, Meta RM and critic, and its default. */
class JudgeConfigTest {

    private static final Map<String, String> LEAST =
            Map.of("judge.openai.url", "http://localhost:8000/v1/", "judge.openai.model", "m");

    @Test
    void judgeHasTheseKeysAndDefaults() {
        assertThat(defaults(JudgeConfig.DEF))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("worker.judge", "openai"),
                        Map.entry("judge.openai.url", ""),
                        Map.entry("judge.openai.model", ""),
                        Map.entry("judge.openai.api.key.env", ""),
                        Map.entry("judge.openai.concurrency", "64"),
                        Map.entry("judge.openai.timeout.ms", "300000"),
                        Map.entry("judge.openai.connect.timeout.ms", "5000"),
                        Map.entry("judge.openai.retry.after.max.ms", "60000"),
                        Map.entry("judge.openai.response.max.bytes", "786432"),
                        Map.entry("judge.openai.tls.truststore", ""),
                        Map.entry("judge.openai.tls.truststore.password.env", ""),
                        Map.entry("judge.openai.temperature", "0.5"),
                        Map.entry("judge.openai.top.p", "1.0"),
                        Map.entry("judge.openai.max.tokens", "2048"),
                        Map.entry("judge.openai.max.tokens.field", "max_tokens"),
                        Map.entry("judge.openai.extra.body", "{}")));
        assertThat(JudgeConfig.from(LEAST).openai().server().url()).hasToString("http://localhost:8000/v1");
        assertThat(JudgeConfig.from(LEAST).openai().server().timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void metaRmHasTheseKeysAndDefaults() {
        assertThat(defaults(MetaConfig.DEF))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("worker.meta", "none"),
                        Map.entry("meta.vllm.url", ""),
                        Map.entry("meta.vllm.model", ""),
                        Map.entry("meta.vllm.api.key.env", ""),
                        Map.entry("meta.vllm.concurrency", "64"),
                        Map.entry("meta.vllm.timeout.ms", "30000"),
                        Map.entry("meta.vllm.connect.timeout.ms", "5000"),
                        Map.entry("meta.vllm.retry.after.max.ms", "60000"),
                        Map.entry("meta.vllm.response.max.bytes", "65536"),
                        Map.entry("meta.vllm.tls.truststore", ""),
                        Map.entry("meta.vllm.tls.truststore.password.env", "")));
        assertThat(MetaRms.open(MetaConfig.from(Map.of()))).isEmpty();
    }

    @Test
    void criticHasTheseKeysAndDefaults() {
        assertThat(defaults(CriticConfig.DEF))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "critic.attempts", "3",
                        "critic.backoff.ms", "500",
                        "critic.backoff.max.ms", "10000",
                        "critic.meta.attempts", "2",
                        "critic.meta.budget.ms", "10000"));
        assertThatThrownBy(() -> CriticConfig.from(Map.of("critic.backoff.ms", "20000")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("critic.backoff.max.ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "judge.openai.url | ''",
                "judge.openai.url | localhost:8000",
                "judge.openai.url | ftp://host/v1",
                "judge.openai.url | http://user:pw@host/v1",
                "judge.openai.url | http://ho st/v1",
                "judge.openai.model | ''",
                "judge.openai.concurrency | 0",
                "judge.openai.temperature | 3",
                "judge.openai.max.tokens.field | tokens",
                "judge.openai.extra.body | [1]",
                "judge.openai.extra.body | {",
                "judge.openai.extra.body | {\"stream\": true}",
                "judge.openai.extra.body | {\"n\": null}",
                "judge.openai.extra.body | {\"seed\": 1}",
                "worker.judge | oracle",
            })
    void namesTheKeyAtFault(String key, String value) {
        Map<String, String> keys = new HashMap<>(LEAST);
        keys.put(key, value);

        assertThatThrownBy(() -> JudgeConfig.from(keys))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining("user:pw");
    }

    @Test
    void namesTheEnvironmentVariableThatIsNotSet() {
        Map<String, String> keys = new HashMap<>(LEAST);
        keys.put("judge.openai.api.key.env", "NOT_SET");

        assertThatThrownBy(() -> Judges.open(JudgeConfig.from(keys), name -> null))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("judge.openai.api.key.env")
                .hasMessageContaining("NOT_SET");
    }

    @Test
    void metaRmNeedsAddressAndModel() {
        assertThatThrownBy(() -> MetaConfig.from(Map.of("worker.meta", "vllm")))
                .hasMessageContaining("meta.vllm.model");
        assertThatThrownBy(() -> MetaConfig.from(Map.of("worker.meta", "vllm", "meta.vllm.model", "m")))
                .hasMessageContaining("meta.vllm.url");
    }

    private static Map<String, String> defaults(ConfigDef def) {
        Map<String, String> defaults = new TreeMap<>();
        def.configKeys().forEach((name, key) -> {
            assertThat(key.documentation).as(name).isNotBlank();
            defaults.put(name, String.valueOf(key.defaultValue));
        });
        return defaults;
    }
}
