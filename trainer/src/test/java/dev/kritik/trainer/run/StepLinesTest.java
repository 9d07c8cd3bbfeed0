/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

class StepLinesTest {

    @TempDir
    private Path folder;

    private Path file;
    private StepLines lines;

    @BeforeEach
    void inAFile() {
        file = folder.resolve("lines.jsonl");
        lines = new StepLines(file);
    }

    @Test
    void linesOfStepsThatNoCheckpointHasAreRemovedAndTheOthersKeepTheirBytes() throws IOException {
        // Given: several lines for a step
        lines.append(Map.of("step", 1, "word", "größer"));
        lines.append(Map.of("step", 2));
        lines.append(Map.of("step", 2));
        long kept = Files.size(file);
        lines.append(Map.of("step", 3));
        lines.append(Map.of("step", 4));

        // When
        lines.truncateAfter(2);

        // Then
        assertThat(Files.size(file)).isEqualTo(kept);
        assertThat(lines.read()).extracting(line -> line.get("step")).containsExactly(1, 2, 2);
        assertThat(lines.read().getFirst()).containsEntry("word", "größer");
    }

    @Test
    void whatWasBegunByAProcessThatWasKilledIsRemovedAndWritingGoesOn() throws IOException {
        // Given
        lines.append(Map.of("step", 1));
        Files.writeString(file, "{\"step\":1,\"gro", StandardOpenOption.APPEND);
        assertThat(lines.read()).hasSize(1);

        // When
        lines.truncateAfter(1);
        lines.append(Map.of("step", 2));

        // Then
        assertThat(Files.readString(file)).isEqualTo("{\"step\":1}\n{\"step\":2}\n");
    }

    @Test
    void aLineWithoutItsEndIsNoLine() throws IOException {
        // Given: its bytes may be those of half a number
        Files.writeString(file, "{\"step\":1}\n{\"step\":1}");

        // Then
        assertThat(lines.read()).hasSize(1);
    }

    @Test
    void withoutAFileThereAreNoLinesAndAfterwardsThereIsAnEmptyOne() throws IOException {
        assertThat(lines.read()).isEmpty();
        lines.force();
        lines.truncateAfter(5);
        assertThat(file).isEmptyFile();
    }

    @Test
    void nothingIsKeptOfARunThatBeginsAnew() throws IOException {
        lines.append(Map.of("step", 0));
        lines.truncateAfter(-1);
        assertThat(file).isEmptyFile();
    }
}
