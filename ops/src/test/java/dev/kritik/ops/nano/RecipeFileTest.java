/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.trainer.nano.NanoFiles;

class RecipeFileTest {

    @TempDir
    private Path out;

    @BeforeEach
    void begin() throws IOException {
        NanoFiles.write(out);
        RecipeFile.check(out, "tiny");
    }

    @Test
    void theSameRecipeGoesOn() {
        assertThatCode(() -> RecipeFile.check(out, "tiny")).doesNotThrowAnyException();
    }

    @Test
    void anotherSizeOrConfigurationIsRefusedByName() throws IOException {
        assertThatThrownBy(() -> RecipeFile.check(out, "full"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("size was tiny, and is full");

        Files.writeString(out.resolve("config/rl.properties"), "train.seed=1");
        assertThatThrownBy(() -> RecipeFile.check(out, "tiny")).hasMessageContaining("config/rl.properties");
    }

    @Test
    void aReplayWithNothingRightOrFewCritiquesIsNotDone() throws IOException {
        assertThat(
                        problem(
                                "{\"groups\":{\"labelled\":20,\"without_critiques\":2},\"critiques\":{\"accepted\":{\"RIGHT\":3}}}"))
                .isEmpty();
        assertThat(
                        problem(
                                "{\"groups\":{\"labelled\":20,\"without_critiques\":3},\"critiques\":{\"accepted\":{\"RIGHT\":3}}}"))
                .contains("3 of 20 groups");
        assertThat(problem("{\"groups\":{\"labelled\":20},\"critiques\":{\"accepted\":{}}}"))
                .contains("none of the critiques of 20 groups");
        assertThat(problem("{}")).contains("no labelled group");
    }

    private String problem(String report) throws IOException {
        Path file = Files.writeString(out.resolve("report.json"), report);
        Step step = Step.sampling("sample", file, out, true, List.of());
        String problem = Replayed.problem(file).orElse("");
        assertThat(step.done()).isEqualTo(problem.isEmpty());
        return problem;
    }
}
