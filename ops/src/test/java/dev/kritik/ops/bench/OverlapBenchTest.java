/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.ExitCode;

/** What is made of the metrics, and what is refused; the trainings themselves take minutes. */
class OverlapBenchTest {

    @TempDir
    private Path folder;

    @Test
    void theFirstAndTheLastStepsAreLeftOut() throws Exception {
        // Given
        Path run = new Metrics()
                .timed(100, 100, 0, 0, 16, 5)
                .timed(4, 1, 0.5, 2, 32, 5)
                .timed(6, 2, 0.5, 3, 48, 7)
                .timed(100, 0, 0, 100, 64, 9)
                .in(folder.resolve("run"));

        // When
        OverlapRun measured = OverlapRun.of(1, 1, MetricsFile.read(run), 1, 3);

        // Then
        assertThat(measured.steps()).isEqualTo(2);
        assertThat(measured.secondsPerStep()).isEqualTo(5);
        assertThat(measured.groupsPerSecond()).isCloseTo(3.2, within(1e-9));
        assertThat(measured.rewardsShare()).isCloseTo(0.3, within(1e-9));
        assertThat(measured.waitingShare()).isCloseTo(0.4, within(1e-9));
        assertThat(measured.learningShare()).isCloseTo(0.5, within(1e-9));
        assertThat(measured.writingShare()).isCloseTo(0.2, within(1e-9));
        assertThat(measured.staleness()).isEqualTo(0.5);
        assertThat(measured.dropped()).isEqualTo(2);
    }

    @Test
    void metricsWithoutTheStepsThatAreMeasuredAreRefused() throws Exception {
        MetricsFile metrics = MetricsFile.read(
                new Metrics().timed(1, 1, 0, 0, 16, 0).timed(1, 1, 0, 0, 32, 0).in(folder.resolve("run")));

        assertThatThrownBy(() -> OverlapRun.of(1, 1, metrics, 1, 3))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("run/metrics.jsonl does not have each of the steps 1 to 3 once");
    }

    private static OverlapRun run(int round, int bound, double seconds, double waited) {
        return new OverlapRun(round, bound, 10, seconds, 160, bound, waited, 5, 20, 30, bound / 2.0);
    }

    @Test
    void eachAsynchronousTrainingIsHeldAgainstTheSynchronousOneOfItsRound() {
        // Given: the second round has a machine half as fast
        OverlapTable table = new OverlapTable(
                List.of(run(1, 0, 100, 40), run(1, 1, 80, 8), run(2, 1, 160, 16), run(2, 0, 240, 96)), List.of(1));

        // When
        String text = table.markdown();
        Map<String, Object> object = table.comparisons().getFirst();

        // Then
        assertThat(text)
                .contains("| synchronous | 0 | 20 | 1.13 (0.67 to 1.60) | 17.00 (10.00 to 24.00) | 40.0 % |")
                .contains("| asynchronous | 1 | 20 | 1.50 (1.00 to 2.00) | 12.00 (8.00 to 16.00) | 10.0 % |")
                .contains("- Most staleness 1 against synchronous: 1.38 (1.25 to 1.50) times as many groups a second;"
                        + " waiting for rewards 10.0 % of wall time instead of 40.0 %, 30.0 points less");
        assertThat(object.get("groups_per_second_ratio"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Spread.class))
                .satisfies(ratio -> assertThat(ratio.mean()).isCloseTo(1.375, within(1e-9)));
    }

    @Test
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIsStarted() throws Exception {
        // Given
        Path used = Files.createDirectories(folder.resolve("used"));
        Files.writeString(used.resolve("file"), "");
        String fresh = folder.resolve("new").toString();

        // When // Then
        assertRefused("--out 'PATH' is not empty".replace("PATH", used.toString()), "--out", used.toString());
        assertRefused("--staleness takes different bounds from 1 on", "--out", fresh, "--staleness", "0,1");
        assertRefused("--steps is at least 9", "--out", fresh, "--steps", "8", "--staleness", "1,2");
        assertRefused("--rounds and --warm-up are at least 1", "--out", fresh, "--rounds", "0");
        assertRefused("give --staleness and --steps instead", "--out", fresh, "--set", "train.steps=9");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private static void assertRefused(String words, String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "bench";
        all[1] = "overlap";
        System.arraycopy(options, 0, all, 2, options.length);
        Cli run = Cli.run(all);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(words).doesNotContain("\tat ");
    }
}
