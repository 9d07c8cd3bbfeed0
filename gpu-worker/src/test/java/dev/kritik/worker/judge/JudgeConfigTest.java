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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.ScorerSettings;
import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.judge.djl.DjlConfig;
import dev.kritik.worker.judge.openai.OpenAiConfig;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.MetaRms;
import dev.kritik.worker.meta.djl.DjlMetaConfig;
import dev.kritik.worker.prompt.PromptVersion;

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
                        Map.entry("judge.openai.extra.body", "{}"),
                        Map.entry("judge.djl.model", ""),
                        Map.entry("judge.djl.device", "cpu"),
                        Map.entry("judge.djl.precision", "auto"),
                        Map.entry("judge.djl.threads", "0"),
                        Map.entry("judge.djl.rows", "32"),
                        Map.entry("judge.djl.cache.tokens", "0"),
                        Map.entry("judge.djl.prefill.chunk", "2048"),
                        Map.entry("judge.djl.gather.ms", "5"),
                        Map.entry("judge.djl.queue", "100000"),
                        Map.entry("judge.djl.temperature", "0.5"),
                        Map.entry("judge.djl.top.p", "1.0"),
                        Map.entry("judge.djl.top.k", "0"),
                        Map.entry("judge.djl.max.tokens", "2048")));
        OpenAiConfig openai = JudgeConfig.from(LEAST).openai().orElseThrow();
        assertThat(openai.server().url()).hasToString("http://localhost:8000/v1");
        assertThat(openai.server().timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aJudgeInThisProcessNeedsNothingButAModel() {
        // When
        JudgeConfig config = JudgeConfig.from(Map.of("worker.judge", "djl", "judge.djl.model", " org/name "));

        // Then
        assertThat(config.openai()).isEmpty();
        DjlConfig djl = config.djl().orElseThrow();
        assertThat(djl.model().name()).isEqualTo("org/name");
        assertThat(djl.model().engine()).isEqualTo(EngineSettings.cpu());
        assertThat(djl.generator()).isEqualTo(GeneratorSettings.defaults());
        assertThat(djl.sampling()).isEqualTo(new Sampling(0.5, 0, 1, 2048, List.of()));
    }

    @Test
    void readsEveryKeyOfAJudgeInThisProcess() {
        // When
        DjlConfig djl = JudgeConfig.from(Map.ofEntries(
                        Map.entry("worker.judge", "djl"),
                        Map.entry("judge.djl.model", "/models/m"),
                        Map.entry("judge.djl.device", "cuda:1"),
                        Map.entry("judge.djl.precision", "bfloat16"),
                        Map.entry("judge.djl.threads", "3"),
                        Map.entry("judge.djl.rows", "4"),
                        Map.entry("judge.djl.cache.tokens", "5000"),
                        Map.entry("judge.djl.prefill.chunk", "64"),
                        Map.entry("judge.djl.gather.ms", "7"),
                        Map.entry("judge.djl.queue", "8"),
                        Map.entry("judge.djl.temperature", "0.9"),
                        Map.entry("judge.djl.top.p", "0.8"),
                        Map.entry("judge.djl.top.k", "20"),
                        Map.entry("judge.djl.max.tokens", "100")))
                .djl()
                .orElseThrow();

        // Then
        assertThat(djl.model().engine()).isEqualTo(new EngineSettings("cuda:1", Precision.BFLOAT16, 3));
        assertThat(djl.generator()).isEqualTo(new GeneratorSettings(4, 5000, 64, Duration.ofMillis(7), 8));
        assertThat(djl.sampling()).isEqualTo(new Sampling(0.9, 20, 0.8, 100, List.of()));
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
                        Map.entry("meta.vllm.tls.truststore.password.env", ""),
                        Map.entry("meta.djl.model", ""),
                        Map.entry("meta.djl.device", "cpu"),
                        Map.entry("meta.djl.precision", "auto"),
                        Map.entry("meta.djl.threads", "0"),
                        Map.entry("meta.djl.batch.tokens", "8192"),
                        Map.entry("meta.djl.gather.ms", "5"),
                        Map.entry("meta.djl.queue", "100000")));
        assertThat(MetaRms.open(MetaConfig.from(Map.of()))).isEmpty();
    }

    @Test
    void readsEveryKeyOfAMetaRmInThisProcess() {
        // When
        DjlMetaConfig djl = MetaConfig.from(Map.of(
                        "worker.meta", "djl",
                        "meta.djl.model", "org/meta",
                        "meta.djl.device", "cuda:0",
                        "meta.djl.precision", "float16",
                        "meta.djl.threads", "2",
                        "meta.djl.batch.tokens", "100",
                        "meta.djl.gather.ms", "3",
                        "meta.djl.queue", "9"))
                .djl()
                .orElseThrow();

        // Then
        assertThat(djl.model().name()).isEqualTo("org/meta");
        assertThat(djl.model().engine()).isEqualTo(new EngineSettings("cuda:0", Precision.FLOAT16, 2));
        assertThat(djl.scorer()).isEqualTo(new ScorerSettings(100, Duration.ofMillis(3), 9));
    }

    @Test
    void theThreadsOfTheJudgeHoldForAMetaRmInTheSameProcess() {
        // Given
        Map<String, String> keys =
                new HashMap<>(Map.of("worker.meta", "djl", "meta.djl.model", "m", "judge.djl.model", "m"));
        keys.put("judge.djl.threads", "3");

        // When // Then
        assertThat(threads(keys)).isEqualTo(Runtime.getRuntime().availableProcessors());
        keys.put("worker.judge", "djl");
        assertThat(threads(keys)).isEqualTo(3);
        assertThat(judgeThreads(keys)).isEqualTo(3);
        keys.put("meta.djl.threads", "2");
        List.<Runnable>of(() -> threads(keys), () -> judgeThreads(keys))
                .forEach(reading -> assertThatThrownBy(reading::run)
                        .isInstanceOf(ConfigError.class)
                        .hasMessageContaining("meta.djl.threads (2) differs from judge.djl.threads (3)"));
        keys.remove("judge.djl.threads");
        assertThat(threads(keys)).isEqualTo(2);
        assertThat(judgeThreads(keys)).isEqualTo(2);
    }

    private static int judgeThreads(Map<String, String> keys) {
        return JudgeConfig.from(keys).djl().orElseThrow().model().engine().threads();
    }

    private static int threads(Map<String, String> keys) {
        return MetaConfig.from(keys).djl().orElseThrow().model().engine().threads();
    }

    @Test
    void criticHasTheseKeysAndDefaults() {
        assertThat(defaults(CriticConfig.DEF))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "critic.attempts", "3",
                        "critic.backoff.ms", "500",
                        "critic.backoff.max.ms", "10000",
                        "critic.meta.attempts", "2",
                        "critic.meta.budget.ms", "10000",
                        "critic.prompt", "auto"));
        assertThat(CriticConfig.from(Map.of()).prompt()).isEmpty();
        assertThat(CriticConfig.from(Map.of("critic.prompt", "brief-v1")).prompt())
                .contains(PromptVersion.BRIEF_V1);
        assertThatThrownBy(() -> CriticConfig.from(Map.of("critic.prompt", "haiku-v7")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("critic.prompt", "critique-v1", "brief-v1");
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
                "judge.djl.model | ''",
                "judge.djl.device | gpu",
                "judge.djl.precision | int8",
                "judge.djl.threads | -1",
                "judge.djl.rows | 0",
                "judge.djl.cache.tokens | -1",
                "judge.djl.prefill.chunk | 1",
                "judge.djl.temperature | 3",
                "judge.djl.top.p | 0",
                "judge.djl.max.tokens | 0",
            })
    void namesTheKeyAtFault(String key, String value) {
        Map<String, String> keys = new HashMap<>(LEAST);
        if (key.startsWith("judge.djl.")) {
            keys.putAll(Map.of("worker.judge", "djl", "judge.djl.model", "m"));
        }
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
        assertThatThrownBy(() -> MetaConfig.from(Map.of("worker.meta", "djl"))).hasMessageContaining("meta.djl.model");
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
