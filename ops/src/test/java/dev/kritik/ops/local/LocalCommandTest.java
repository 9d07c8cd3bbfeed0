/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.stream.Stream;

import dev.kritik.ops.BundledFixtures;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class LocalCommandTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--judge djl",
                "--model my-judge",
                "--url http://127.0.0.1:1/v1",
                "--set judge.openai.url=http://127.0.0.1:1/v1"
            })
    void scoresByChanceBesideAJudgeAreRefusedBeforeAnythingStarts(String judge) {
        // When
        Cli run = Cli.run(Stream.concat(Stream.of("local", "--random-scores"), Stream.of(judge.split(" ")))
                .toArray(String[]::new));

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("two judges").doesNotContain("starting");
    }

    @Test
    void withoutAJudgeAndWithoutTheOneThatComesWithKritikNothingStarts(@TempDir Path home) throws Exception {
        // When
        Cli run = BundledFixtures.none(home, () -> Cli.run("local"));

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("no judge: name a model server", "kritik-nano", "is not here");
        assertThat(run.err()).doesNotContain("starting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--judge djl", "--set judge.openai.model=m"})
    void aJudgeThatIsHalfNamedIsNotReplacedByTheOneThatComesWithKritik(String half, @TempDir Path home)
            throws Exception {
        // Given
        String[] arguments = ("local " + half).split(" ");

        // When
        Cli run = BundledFixtures.tiny(home, () -> Cli.run(arguments));

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("no judge: name a model server").doesNotContain("is not here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "1001"})
    void aPaceThatCanNotBeKeptIsRefusedBeforeAnythingStarts(String rate) {
        // When
        Cli run = Cli.run("local", "--random-scores", "--demo", "--demo-rate", rate);

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--demo-rate").doesNotContain("starting");
    }
}
