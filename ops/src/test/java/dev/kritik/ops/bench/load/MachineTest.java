/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class MachineTest {

    @TempDir
    private Path folder;

    @Test
    void whatItRanOnIsRead() throws Exception {
        // Given
        Path cpu = Files.writeString(
                folder.resolve("cpuinfo"),
                "processor\t: 0\nmodel name\t: AMD EPYC 9\nprocessor\t: 1\nmodel name\t: other\n");
        Path log = Files.writeString(
                folder.resolve("broker.log"),
                "[x] INFO Kafka version: 4.4.0 (org.apache.kafka.common.utils.AppInfoParser)\n");
        Path status = Files.writeString(folder.resolve("status"), "Name:\tjava\nVmRSS:\t  2048 kB\n");

        // When // Then
        assertThat(Machine.cpu(cpu)).isEqualTo("AMD EPYC 9");
        assertThat(Machine.cpu(folder.resolve("missing"))).isEqualTo("unknown");
        assertThat(Machine.broker(log)).isEqualTo("4.4.0");
        assertThat(Machine.broker(cpu)).isEqualTo("unknown");
        assertThat(ProcessUse.memory(status)).hasValue(2048L * 1024);
        assertThat(ProcessUse.memory(folder.resolve("missing"))).isEmpty();
        assertThat(Machine.describe("4.4.0"))
                .containsEntry("bench", "machine")
                .containsEntry("kafka_broker", "4.4.0")
                .containsEntry("cores", Runtime.getRuntime().availableProcessors());
    }

    @Test
    void whatAProcessTookMeanwhileNeedsBothReadings() {
        assertThat(ProcessUse.between(Map.of("a", 1.0, "ended", 2.0), Map.of("a", 1.5, "new", 3.0)))
                .containsExactly(Map.entry("a", 0.5));
    }
}
