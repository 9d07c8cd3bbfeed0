/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Disks that fill up and clocks that jump, where this machine has them. */
class MeansTest {

    @TempDir
    private Path folder;

    @Test
    void aSmallDiskIsFullUntilItIsFreed() throws Exception {
        assumeThat(SmallDisk.possible()).as("tmpfs can be mounted here").isTrue();
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 2).orElseThrow()) {
            Path file = disk.folder().resolve("file");

            disk.fill();
            assertThatThrownBy(() -> Files.write(file, new byte[100_000])).isInstanceOf(IOException.class);

            disk.free();
            Files.write(file, new byte[100_000]);
            assertThat(file).hasSize(100_000);
        }
        assertThat(folder.resolve("disk")).isEmptyDirectory();
    }

    @Test
    void aClockJumpsForOneProcessAlone() throws Exception {
        assumeThat(FakeClock.library()).as("libfaketime is installed").isPresent();
        FakeClock clock = FakeClock.in(folder.resolve("clock")).orElseThrow();
        clock.move(Duration.ofHours(-2));

        ProcessBuilder date = new ProcessBuilder("date", "+%s");
        date.environment().putAll(clock.environment());
        long seen = Long.parseLong(
                new String(date.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());

        assertThat(System.currentTimeMillis() / 1000 - seen).isBetween(7_190L, 7_210L);
    }
}
