/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.ops.Kritik;

class KritikTest {

    @TempDir
    private Path folder;

    @Test
    void rootHelpListsAllCommandsAndTheExitCodes() {
        // When
        Cli help = Cli.run("--help");

        // Then
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("130", "interrupted", "config");
    }

    @Test
    void everyCommandHasAHelpWithADescriptionAndAnExample() {
        new CommandLine(new Kritik()).getSubcommands().values().forEach(KritikTest::assertTeaches);
    }

    private static void assertTeaches(CommandLine command) {
        var spec = command.getCommandSpec();
        assertThat(spec.usageMessage().description())
                .as(spec.qualifiedName() + ": description")
                .isNotEmpty();
        if (command.getSubcommands().isEmpty()) {
            assertThat(String.join("\n", spec.usageMessage().footer()))
                    .as(spec.qualifiedName() + ": footer")
                    .contains("Example");
            assertThat(spec.usageMessage().footer())
                    .as(spec.qualifiedName() + ": a percent sign is written twice")
                    .allSatisfy(
                            line -> assertThatCode(() -> String.format(line)).doesNotThrowAnyException());
            assertThat(spec.optionsMap().keySet())
                    .as(spec.qualifiedName())
                    .contains("--config", "--set", "--json", "--help");
        }
        command.getSubcommands().values().forEach(KritikTest::assertTeaches);
    }

    @Test
    void saysWhatToDoWhenNoCommandIsGiven() {
        Cli none = Cli.run();

        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("Missing required subcommand", "kritik --help");
    }

    @Test
    void suggestsTheNearestCommandForAMistypedOne() {
        Cli mistyped = Cli.run("confg");

        assertThat(mistyped.code()).isEqualTo(ExitCode.USAGE);
        assertThat(mistyped.err()).contains("confg", "config").doesNotContain("\tat ");
    }

    @Test
    void anUnreadableConfigFileIsAUsageErrorThatNamesTheFile() {
        // Given
        Path missing = folder.resolve("none.properties");

        // When
        Cli run = Cli.run("config", "--check", "--config", missing.toString());

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--config", missing.toString()).doesNotContain("\tat ");
    }

    @Test
    void anUnknownKeyIsAUsageErrorThatNamesTheNearestKey() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("k.properties"), "kafka.bootstrap.server=a:1\n");

        // When
        Cli run = Cli.run("config", "--check", "--config", file.toString());

        // Then
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'kafka.bootstrap.server'", "'kafka.bootstrap.servers'");
    }

    @Test
    void stacktraceIsPrintedOnlyOnDemand() {
        Cli run = Cli.run("config", "--check", "--set", "no.such.key=1", "--stacktrace");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("no.such.key", "\tat ");
    }

    @Test
    void aCommandThatNeedsAnInstallationSaysHowToNameOne() {
        Cli run = Cli.run("rewards", "tail");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("kafka.bootstrap.servers", "--bootstrap", "--config");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Cli run = Cli.run("eval", "--recorded", folder.resolve("none.jsonl").toString(), "--setting", "a");

        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("there is no file", "none.jsonl").doesNotContain("\tat ");
    }

    @Test
    void evalSaysThatAJudgeIsMissing() {
        Cli run = Cli.run("eval", "--data", folder.resolve("none.jsonl").toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("who judges?", "--url", "--judge djl");
    }
}
