/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.task.Backoff;
import dev.kritik.worker.task.TaskSources;

class WorkerConfigTest {

    private static WorkerConfig with(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("kafka.bootstrap.servers", "localhost:9092");
        return WorkerConfig.from(all);
    }

    @Test
    void hasTheseKeysAndDefaults() {
        assertThat(WorkerConfig.DEF.defaultValues())
                .isEqualTo(Map.of(
                        "worker.name",
                        "",
                        "worker.group",
                        "",
                        "worker.slots",
                        16,
                        "worker.source",
                        "auto",
                        "worker.attempts",
                        5,
                        "worker.backoff.ms",
                        1000L,
                        "worker.backoff.max.ms",
                        30_000L,
                        "worker.shutdown.grace.ms",
                        30_000L,
                        "worker.revoke.grace.ms",
                        10_000L));
    }

    @Test
    void takesItsGroupAndNameFromItsSurroundingsUnlessGiven() {
        // When
        WorkerConfig plain = with(Map.of("topics.prefix", "team-a."));
        WorkerConfig named = with(Map.of("worker.group", "others", "worker.name", "gpu-7"));

        // Then
        assertThat(plain.settings().group()).isEqualTo("team-a.kritik-workers");
        assertThat(plain.settings().topic()).isEqualTo("team-a.critique-requests");
        assertThat(plain.name()).endsWith("-" + ProcessHandle.current().pid());
        assertThat(named.settings().group()).isEqualTo("others");
        assertThat(named.name()).isEqualTo("gpu-7");
    }

    @Test
    void readsEveryKey() {
        // When
        WorkerConfig config = with(Map.of(
                "worker.slots", "3",
                "worker.source", "classic",
                "worker.attempts", "2",
                "worker.backoff.ms", "10",
                "worker.backoff.max.ms", "20",
                "worker.shutdown.grace.ms", "30",
                "worker.revoke.grace.ms", "40"));

        // Then
        assertThat(config.settings().slots()).isEqualTo(3);
        assertThat(config.source()).isEqualTo(TaskSources.Kind.CLASSIC);
        assertThat(config.settings().attempts()).isEqualTo(2);
        assertThat(config.settings().backoff()).isEqualTo(new Backoff(Duration.ofMillis(10), Duration.ofMillis(20)));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofMillis(30));
        assertThat(config.settings().revokeGrace()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> with(Map.of("worker.slots", "0")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("worker.slots");
        assertThatThrownBy(() -> with(Map.of("worker.source", "queue")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("worker.source");
        assertThatThrownBy(() -> with(Map.of("worker.backoff.ms", "50", "worker.backoff.max.ms", "10")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("worker.backoff.max.ms");
    }

    @Test
    void keepsSecretsOutOfItsText() {
        assertThat(with(Map.of("kafka.sasl.jaas.config", "Module required password=hunter2;"))
                        .toString())
                .doesNotContain("hunter2");
    }
}
