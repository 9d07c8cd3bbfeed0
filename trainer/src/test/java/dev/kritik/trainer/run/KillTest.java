/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** kill -9. What Ctrl-C does is for the command to test. */
class KillTest {

    @TempDir
    private Path folder;

    @Test
    void aProcessThatIsKilledLeavesARunThatGoesOn() throws Exception {
        // Given
        Path out = folder.resolve("run");

        // When: the second process goes on where the first was killed
        trainUntil(4, out);
        trainUntil(9, out);
        FakeTraining last = new FakeTraining();
        TrainReport report = TrainUntilKilled.train(out, last, () -> true);

        // Then
        assertThat(last.warnings).isEmpty();
        assertThat(last.steps)
                .singleElement()
                .satisfies(step -> assertThat(step).isGreaterThanOrEqualTo(9));
        FakeTraining alone = new FakeTraining();
        for (int step = 1; step <= report.done(); step++) {
            alone.step(step, () -> alone.step(0.1));
        }
        assertThat(last.weight).isEqualTo(alone.weight);
        assertThat(new StepLines(out.resolve("metrics.jsonl")).read()).hasSize(report.done());
    }

    private void trainUntil(int step, Path out) throws Exception {
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainUntilKilled.class.getName(),
                        out.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Path checkpoint = out.resolve(String.format(Locale.ROOT, "checkpoints/step-%06d", step));
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !process.isAlive() || Files.exists(checkpoint));
            assertThat(process.isAlive()).as(() -> text(log)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
