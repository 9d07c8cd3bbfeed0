/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class ScalingBenchTest {

    @TempDir
    private Path folder;

    @Test
    void aBadLineOfDataIsNamedAndIsAnExpectedError() throws Exception {
        Path data = Files.writeString(folder.resolve("tasks.jsonl"), "{\n");

        Cli cli = Cli.run("bench", "scaling", "--model", "none", "--data", data.toString());

        assertThat(cli.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(cli.err()).contains("tasks.jsonl").doesNotContain("not an expected error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--k=1,0", "--single=-1", "--max-tokens=0"})
    void numbersBelowOneAreRefused(String option) {
        Cli cli = Cli.run("bench", "scaling", "--model", "none", "--data", "none", option);

        assertThat(cli.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("at least 1");
    }
}
