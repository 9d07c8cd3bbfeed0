/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.Stream;

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
}
