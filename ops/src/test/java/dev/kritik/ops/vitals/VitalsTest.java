/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.GarbageCollectionNotificationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

class VitalsTest {

    @TempDir
    private Path folder;

    @Test
    void tellsGrowthFromAPlateauAndFromAPeak() {
        Trend grows = Trend.of(IntStream.range(0, 40).asDoubleStream().toArray());
        Trend fillsUp = Trend.of(
                IntStream.range(0, 40).mapToDouble(i -> Math.min(i, 10)).toArray());
        Trend peaks = Trend.of(
                IntStream.range(0, 40).mapToDouble(i -> i == 38 ? 1_000 : 5).toArray());

        assertThat(grows.early()).isEqualTo(14.5);
        assertThat(grows.late()).isEqualTo(34.5);
        assertThat(grows.growth()).isEqualTo(20 / 14.5);
        assertThat(grows.flat(0.1, 0)).isFalse();
        assertThat(grows.flat(0.1, 20)).as("little in absolute terms").isTrue();
        assertThat(fillsUp.flat(0.1, 0)).isTrue();
        assertThat(peaks.flat(0.1, 0)).isTrue();
        assertThat(peaks.most()).isEqualTo(1_000);
        assertThat(Trend.of(DoubleStream.generate(() -> 0).limit(8).toArray()).growth())
                .isZero();
        assertThatThrownBy(() -> Trend.of(1, 2, 3)).hasMessageContaining("too few");
    }

    @Test
    void namesWhatGrows() {
        List<Sample> samples = IntStream.range(0, 40)
                .mapToObj(i -> new Sample(i, "worker-1", 7, 200L << 20, 50 + 3 * i, 20, i, 0))
                .toList();

        List<VitalsReport.Line> lines = VitalsReport.of(samples);

        assertThat(lines).extracting(VitalsReport.Line::what).containsExactly("memory", "open files", "threads");
        assertThat(lines)
                .filteredOn(line -> !line.flat())
                .singleElement()
                .satisfies(line -> assertThat(line.what()).isEqualTo("open files"));
    }

    @Test
    void letsAProcessCollectItsGarbage() {
        // Given
        Set<String> causes = ConcurrentHashMap.newKeySet();
        NotificationListener listener = (notification, handback) ->
                causes.add(GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                        .getGcCause());
        List<NotificationEmitter> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(NotificationEmitter.class::cast)
                .toList();
        collectors.forEach(collector -> collector.addNotificationListener(listener, null, null));
        // When
        Garbage.collect(ProcessHandle.current().pid());
        // Then
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(causes).contains("Diagnostic Command"));
    }

    @Test
    void looksAtAProcess() throws Exception {
        assumeThat(Vitals.possible()).as("needs Linux' /proc").isTrue();
        Path state = Files.createDirectory(folder.resolve("state"));
        Files.write(state.resolve("file"), new byte[1_000]);
        Path file = folder.resolve("vitals.jsonl");
        long self = ProcessHandle.current().pid();

        try (Vitals vitals = Vitals.start(
                List.of(
                        new Vitals.Watched("self", () -> self, Optional.of(state)),
                        new Vitals.Watched("gone", () -> -1, Optional.empty())),
                Duration.ofMillis(20),
                file)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> vitals.samples().size() >= 3);

            assertThat(vitals.samples()).allSatisfy(sample -> {
                assertThat(sample.process()).isEqualTo("self");
                assertThat(sample.residentBytes()).isGreaterThan(10L << 20);
                assertThat(sample.openFiles()).isPositive();
                assertThat(sample.threads()).isPositive();
                assertThat(sample.stateBytes()).isEqualTo(1_000);
            });
        }
        assertThat(Files.readAllLines(file).getFirst()).contains("\"process\":\"self\"");
    }
}
