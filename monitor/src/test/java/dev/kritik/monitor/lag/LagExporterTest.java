/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.kritik.monitor.lag.PartitionLag.Kind;
import dev.kritik.schema.config.ConfigError;

class LagExporterTest {

    private static final PartitionLag KNOWN = new PartitionLag(
            "workers",
            Kind.SHARE,
            "critique-requests",
            3,
            OptionalLong.of(7),
            12,
            OptionalLong.of(5),
            OptionalDouble.of(1.5));
    private static final PartitionLag UNKNOWN = new PartitionLag(
            "stream",
            Kind.CONSUMER,
            "rollouts",
            0,
            OptionalLong.empty(),
            9,
            OptionalLong.empty(),
            OptionalDouble.empty());

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Supplier<LagReport>> look = new AtomicReference<>();
    private final LagExporter exporter = new LagExporter(
            () -> look.get().get(),
            new ExporterConfig(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(60)),
            registry,
            nanos::get);

    @Test
    void showsWhatIsKnownAndNoZeroForWhatIsNot() {
        // Given
        look.set(() -> report(List.of(KNOWN, UNKNOWN), List.of("group 'x': its offsets can't be read")));

        // When
        exporter.refresh();

        // Then
        String labels = "{group=\"workers\",kind=\"share\",partition=\"3\",topic=\"critique-requests\"} ";
        assertThat(registry.scrape())
                .contains("kritik_lag_records" + labels + "5.0")
                .contains("kritik_lag_seconds" + labels + "1.5")
                .contains("kritik_lag_position" + labels + "7.0")
                .contains("kritik_topic_end_offset{partition=\"3\",topic=\"critique-requests\"} 12.0")
                .contains("kritik_topic_written_offset{partition=\"3\",topic=\"critique-requests\"} 13.0")
                .contains("kritik_group_members{group=\"workers\",kind=\"share\"} 4.0")
                .contains("kritik_group_state{group=\"workers\",kind=\"share\",state=\"Stable\"} 1.0")
                .contains("kritik_lag_up 1.0")
                .contains("kritik_lag_problems 1.0")
                .doesNotContain("group=\"stream\"");
        assertThat(exporter.idle()).isEmpty();
    }

    @Test
    void aGroupThatIsGoneIsNotShownAnyMore() {
        // Given
        look.set(() -> report(List.of(KNOWN), List.of()));
        exporter.refresh();

        // When
        look.set(() -> report(List.of(), List.of()));
        exporter.refresh();

        // Then
        assertThat(registry.scrape()).doesNotContain("kritik_lag_records{").contains("kritik_lag_up 1.0");
    }

    @Test
    void figuresStayForAWhileWhenALookFailsAndAreThenTakenAway() {
        // Given
        look.set(() -> report(List.of(KNOWN), List.of()));
        exporter.refresh();
        look.set(() -> {
            throw new KafkaException("the groups can't be listed: no answer in time");
        });

        // When
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
        exporter.refresh();

        // Then
        assertThat(registry.scrape())
                .contains("kritik_lag_records{")
                .contains("kritik_lag_up 0.0")
                .contains("kritik_lag_age_seconds 59.0");
        assertThat(exporter.idle()).isEmpty();

        // When
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        exporter.refresh();

        // Then
        assertThat(registry.scrape())
                .doesNotContain("kritik_lag_records{")
                .doesNotContain("kritik_topic_end_offset{")
                .contains("kritik_lag_age_seconds 61.0");
        assertThat(exporter.idle())
                .hasValue("the figures of lag are 61 s old: the groups can't be listed: no answer in time");

        // When
        look.set(() -> report(List.of(KNOWN), List.of()));
        exporter.refresh();

        // Then
        assertThat(registry.scrape()).contains("kritik_lag_records{").contains("kritik_lag_up 1.0");
        assertThat(exporter.idle()).isEmpty();
    }

    @Test
    void isNotReadyBeforeTheFirstLook() {
        assertThat(exporter.idle()).hasValue("lag has not been read yet");
        assertThat(exporter.dead()).isEmpty();
        assertThat(registry.scrape()).contains("kritik_lag_up 0.0").contains("kritik_lag_age_seconds NaN");
    }

    @Test
    void keysAreReadAndFiguresAreKeptFromOneLookToTheNext() {
        assertThat(ExporterConfig.from(Map.of()))
                .isEqualTo(new ExporterConfig(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(60)));
        assertThat(ExporterConfig.from(Map.of(
                        "exporter.interval.ms", "500", "exporter.timeout.ms", "700", "exporter.keep.ms", "1200")))
                .isEqualTo(new ExporterConfig(Duration.ofMillis(500), Duration.ofMillis(700), Duration.ofMillis(1200)));
        assertThatThrownBy(() -> ExporterConfig.from(Map.of("exporter.interval.ms", "60000")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("exporter.keep.ms is 60000")
                .hasMessageContaining("at least 70000");
    }

    private static LagReport report(List<PartitionLag> lags, List<String> problems) {
        return new LagReport(
                Instant.EPOCH,
                lags,
                lags.isEmpty()
                        ? List.of()
                        : List.of(new LagReport.Group("workers", Kind.SHARE, "Stable", OptionalInt.of(4))),
                List.of(new LagReport.Ends("critique-requests", 3, 2, 12, 13)),
                problems);
    }
}
