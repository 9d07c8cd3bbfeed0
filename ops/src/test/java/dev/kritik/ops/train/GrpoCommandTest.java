/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik train grpo} without topics, on a tiny checkpoint with random weights. */
class GrpoCommandTest {

    @TempDir
    private Path folder;

    private Cli run(String... more) throws Exception {
        TinyCheckpoints.assumeNatives();
        Path data = folder.resolve("queries.jsonl");
        if (Files.notExists(data)) {
            Files.writeString(data, "{\"prompt\":\"a?\",\"answers\":[\"b\"]}\n");
        }
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "grpo",
                "--model",
                TinyCheckpoints.folder("llama").toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve("run").toString(),
                "--set",
                "train.threads=1",
                "--set",
                "train.steps=1",
                "--set",
                "train.batch=1",
                "--set",
                "grpo.group.size=2",
                "--set",
                "grpo.max.tokens=2"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void withKnownAnswersItNeedsNeitherJudgeNorKafka() throws Exception {
        // When
        Cli cli = run(
                "--rewards", "gold", "--eval", folder.resolve("queries.jsonl").toString());

        // Then
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).containsPattern("step 0/1 .*eval_gold").containsPattern("step 1/1 .*reward 1\\.0");
        assertThat(cli.err()).contains("queries: 1 of 1", "job run, run ", "trained: ");
        assertThat(folder.resolve("run/groups.jsonl")).content().contains("\"fate\":\"flat\"");
    }

    @Test
    void whatCantBeIsNamed() throws Exception {
        // Given
        Path open = Files.writeString(folder.resolve("open.jsonl"), "{\"prompt\":\"a?\"}\n");

        // When
        Cli noRun = run("--rewards", "gold", "--resume");
        Cli both = run("--rewards", "gold", "--local");
        Cli unanswered = run("--rewards", "gold", "--data", open.toString());
        Cli job = run("--set", "grpo.job=a/b");
        Cli nowhere = run();

        // Then
        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("leave --local out");
        assertThat(unanswered.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(unanswered.err()).contains("open.jsonl, line 1", "'answers'");
        assertThat(job.code()).isEqualTo(ExitCode.USAGE);
        assertThat(job.err()).contains("grpo.job", "a/b");
        assertThat(nowhere.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nowhere.err()).contains("kafka.bootstrap.servers");
        assertThat(noRun.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(noRun.err()).contains("there is no run in");
        assertThat(List.of(both, unanswered, job, nowhere, noRun))
                .allSatisfy(cli -> assertThat(cli.err()).doesNotContain("not an expected error"));
    }
}
