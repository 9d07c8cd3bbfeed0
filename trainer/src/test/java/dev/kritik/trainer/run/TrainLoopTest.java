/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.kritik.trainer.run.TrainReport.Ending;

class TrainLoopTest {

    private static final SortedMap<String, String> SETTINGS =
            new TreeMap<>(Map.of("run.kind", "rft", "train.seed", "1"));

    @TempDir
    private Path folder;

    @Test
    void aRunThatWasStoppedGoesOnAsIfItHadNotBeen() throws IOException {
        // Given
        FakeTraining whole = new FakeTraining();
        TrainReport expected = train(folder.resolve("whole"), whole, 6);

        // When
        FakeTraining first = new FakeTraining();
        first.stopAfter = 3;
        TrainReport stopped = train(folder.resolve("parts"), first, 6);
        FakeTraining second = new FakeTraining();
        TrainReport finished = train(folder.resolve("parts"), second, 6);

        // Then
        assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
        assertThat(stopped.done()).isEqualTo(3);
        assertThat(stopped.finalModel()).isEmpty();
        assertThat(second.steps).containsExactly(4, 5, 6);
        assertThat(finished.ending()).isEqualTo(expected.ending()).isEqualTo(Ending.FINISHED);
        assertThat(second.weight).isEqualTo(whole.weight);
        assertThat(withoutSeconds(folder.resolve("parts"))).isEqualTo(withoutSeconds(folder.resolve("whole")));
        assertThat(finished.finalModel().orElseThrow().resolve("model.safetensors"))
                .hasSameTextualContentAs(folder.resolve("whole/final/model.safetensors"));
    }

    @Test
    void metricsOfStepsThatNoCheckpointHasAreWrittenAnew() throws IOException {
        // Given: killed after step 5, while it wrote a line; the last checkpoint is of step 4
        FakeTraining first = new FakeTraining();
        first.stopAfter = 5;
        train(folder, first, 8);
        Disk.deleteTree(folder.resolve("checkpoints/step-000005"));
        Files.writeString(
                folder.resolve("metrics.jsonl"),
                Files.readString(folder.resolve("metrics.jsonl")) + "{\"step\":6,\"lo");

        // When
        FakeTraining second = new FakeTraining();
        train(folder, second, 8);

        // Then
        assertThat(second.steps).containsExactly(5, 6, 7, 8);
        assertThat(new StepLines(folder.resolve("metrics.jsonl")).read())
                .extracting(line -> line.get("step"))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void aCheckpointThatWasJustBeingReplacedIsNotLost() throws IOException {
        // Given: killed between the two renames
        FakeTraining first = new FakeTraining();
        first.stopAfter = 4;
        train(folder, first, 8);
        Path checkpoints = folder.resolve("checkpoints");
        Files.move(checkpoints.resolve("step-000004"), checkpoints.resolve(".step-000004.old"));
        Files.createDirectories(checkpoints.resolve(".step-000004.tmp"));

        // When
        FakeTraining second = new FakeTraining();
        train(folder, second, 8);

        // Then
        assertThat(second.steps).containsExactly(5, 6, 7, 8);
        assertThat(second.weight).isEqualTo(alone(8));
        assertThat(checkpoints()).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void aCorruptCheckpointIsPassedOverAndSaid() throws IOException {
        // Given
        FakeTraining first = new FakeTraining();
        first.stopAfter = 4;
        train(folder, first, 8);
        Path state = folder.resolve("checkpoints/step-000004").resolve(Checkpoints.STATE);
        Files.writeString(state, Files.readString(state).replace('1', '2').replace('3', '4') + " ");

        // When
        FakeTraining second = new FakeTraining();
        train(folder, second, 8);

        // Then
        assertThat(second.warnings)
                .singleElement()
                .asString()
                .contains("step-000004", "passed over", Checkpoints.STATE);
        assertThat(second.steps).startsWith(3);
        assertThat(second.weight).isEqualTo(alone(8));
        assertThat(checkpoints()).contains("broken-step-000004", "step-000008").doesNotContain("step-000004");
    }

    @Test
    void whereAllCheckpointsAreBrokenItFailsNamingThemUntilTheyAreDeleted() throws IOException {
        // Given: one has half a manifest, the other half a state
        FakeTraining first = new FakeTraining();
        first.stopAfter = 4;
        train(folder, first, 4 + 1);
        List<String> names = checkpoints();
        Path checkpoints = folder.resolve("checkpoints");
        Files.writeString(checkpoints.resolve("step-000002").resolve(Checkpoints.STATE), "1");
        Files.writeString(checkpoints.resolve("step-000004").resolve(Manifest.NAME), "{\"files\":");

        // Then: however often it is tried, nothing is lost
        FakeTraining second = new FakeTraining();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> train(folder, second, 5))
                    .isInstanceOf(TrainException.class)
                    .hasMessageContainingAll(
                            checkpoints.resolve("step-000004") + " (" + Manifest.NAME,
                            checkpoints.resolve("step-000002") + " (" + Checkpoints.STATE,
                            "delete them",
                            "another folder (--out)");
        }
        assertThat(second.steps).isEmpty();
        assertThat(checkpoints()).isEqualTo(names).containsExactly("step-000002", "step-000004");
        assertThat(new StepLines(folder.resolve("metrics.jsonl")).read()).hasSize(4);

        // When
        for (String name : names) {
            Disk.deleteTree(checkpoints.resolve(name));
        }
        train(folder, second, 5);

        // Then
        assertThat(second.steps).containsExactly(1, 2, 3, 4, 5);
        assertThat(new StepLines(folder.resolve("metrics.jsonl")).read()).hasSize(5);
    }

    @Test
    void aRunThatHasNoCheckpointYetBeginsEvenWhereItMustBeThere() throws IOException {
        // Given: killed before its first checkpoint
        RunFolder.open(folder, SETTINGS, false).close();
        Files.createDirectories(folder.resolve("checkpoints"));

        // When
        FakeTraining training = new FakeTraining();
        try (RunFolder run = RunFolder.open(folder, SETTINGS, true)) {
            loop(run, training, 3, new TrainConfig.Keeping(2, 2, false), () -> false)
                    .run();
        }

        // Then
        assertThat(training.steps).containsExactly(1, 2, 3);
    }

    @Test
    void aFullDiskAtACheckpointDoesNotEndTheTraining() throws IOException {
        // Given: the disk is full from step 3 on
        FakeTraining training = new FakeTraining() {
            @Override
            public Map<String, Object> step(int number, Update update) {
                stateDiskFull = number >= 3;
                return super.step(number, update);
            }
        };

        // When: checkpoints every 2 steps
        TrainReport report = train(folder, training, 7);

        // Then
        assertThat(training.steps).hasSize(7);
        assertThat(training.warnings)
                .anySatisfy(warning -> assertThat(warning)
                        .contains("the checkpoint of step 4 can't be written", "No space left", "step 2 is kept"));
        assertThat(checkpoints()).containsExactly("step-000002");
        assertThat(Manifest.problem(folder.resolve("checkpoints/step-000002"))).isEmpty();
        // the model itself could be written: it is there, and the report says what is not
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(report.problems()).hasSize(3);
    }

    @Test
    void aFullDiskAtTheEndIsNoSuccess() throws IOException {
        // Given
        FakeTraining training = new FakeTraining();
        training.modelDiskFull = true;

        // When
        TrainReport report = train(folder, training, 3);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.NOT_SAVED);
        assertThat(report.finalModel()).isEmpty();
        assertThat(report.problems().getLast()).contains("the final model can't be written", "No space left");
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.equals("model.safetensors"));
        }
    }

    @Test
    void aBestCheckpointThatCouldNotBeWrittenLeavesTheLastWeightsAndIsSaid() throws IOException {
        // Given: the disk is full at step 4, the best one
        FakeTraining training = new FakeTraining() {
            @Override
            public Map<String, Object> step(int number, Update update) {
                stateDiskFull = number == 4;
                return super.step(number, update);
            }
        };
        training.scores = Map.of(2, 0.7, 4, 0.9, 6, 0.8);

        // When
        TrainReport report =
                train(folder.resolve("run"), training, 6, new TrainConfig.Keeping(2, 2, true), () -> false);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(report.problems()).hasSize(2).last().asString().contains("step-000004", "the last weights");
        assertThat(folder.resolve("run/final/model.safetensors")).hasContent("weight " + (float) training.weight);
    }

    @Test
    void theNewestAndTheBestCheckpointStayAndTheBestCanBeTheFinalModel() throws IOException {
        // Given
        FakeTraining training = new FakeTraining();
        training.scores = Map.of(2, 0.7, 4, 0.9, 6, 0.8, 8, 0.9);
        FakeTraining upToTheBest = new FakeTraining();
        train(folder.resolve("short"), upToTheBest, 4);

        // When
        TrainReport report =
                train(folder.resolve("run"), training, 8, new TrainConfig.Keeping(2, 1, true), () -> false);

        // Then
        assertThat(report.bestStep()).isEqualTo(4);
        assertThat(names(folder.resolve("run/checkpoints"))).containsExactly("step-000004", "step-000008");
        assertThat(names(folder.resolve("run/final"))).containsExactly("model.safetensors");
        assertThat(folder.resolve("run/final/model.safetensors")).hasContent("weight " + (float) upToTheBest.weight);
    }

    @Test
    void aTrainingWithoutAFiniteGradientEnds() {
        // Given
        FakeTraining training = new FakeTraining();
        training.diverged = true;

        // Then
        assertThatThrownBy(() -> train(folder, training, 100))
                .isInstanceOf(TrainException.class)
                .hasMessageContaining("diverged");
        assertThat(training.steps).hasSize(20);
    }

    @Test
    void anotherConfigurationIsRefusedByTheKeysThatDiffer() throws IOException {
        // Given
        train(folder, new FakeTraining(), 2);
        SortedMap<String, String> other =
                new TreeMap<>(Map.of("run.kind", "rft", "train.seed", "2", "train.device", "x"));
        SortedMap<String, String> otherKind = new TreeMap<>(Map.of("run.kind", "rl"));

        // Then
        assertThatThrownBy(() -> RunFolder.open(folder, other, false))
                .isInstanceOf(TrainException.class)
                .hasMessageContaining("train.seed is 1 there, and 2 now")
                .hasMessageNotContaining("train.device");
        assertThatThrownBy(() -> RunFolder.open(folder, otherKind, false)).hasMessageContaining("kritik train rft");
    }

    @Test
    void whatFailedBeforeItsFirstStepDoesNotBlockTheFolder() throws IOException {
        // Given
        try (RunFolder failed = RunFolder.open(folder, new TreeMap<>(Map.of("run.kind", "rl")), false)) {
            Files.createDirectories(failed.prepared());
        }

        // Then
        assertThatThrownBy(() -> RunFolder.open(folder, SETTINGS, true)).isInstanceOf(TrainException.class);
        try (RunFolder now = RunFolder.open(folder, SETTINGS, false)) {
            assertThat(now.prepared()).doesNotExist();
        }
    }

    @Test
    void aFolderOfSomethingElseOrOfAnotherProcessIsRefused() throws IOException {
        // Given
        Files.writeString(folder.resolve("thesis.txt"), "dear to me");
        Path mine = folder.resolve("mine");

        // Then
        assertThatThrownBy(() -> RunFolder.open(folder, SETTINGS, false)).hasMessageContaining("something else");
        assertThatThrownBy(() -> RunFolder.open(mine, SETTINGS, true)).hasMessageContaining("no run");
        try (RunFolder open = RunFolder.open(mine, SETTINGS, false)) {
            assertThat(open.path()).isEqualTo(mine);
            assertThatThrownBy(() -> RunFolder.open(mine, SETTINGS, false)).hasMessageContaining("another process");
        }
    }

    @Test
    void theReportIsOneFileWithCurvesThatLoadsNothing() throws IOException {
        // Given
        FakeTraining training = new FakeTraining();
        training.scores = Map.of(2, 0.7, 4, 0.9);

        // When
        train(folder, training, 4);

        // Then
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("step 4 of 4", "<polyline", "eval_score", "train.seed", "prefers-color-scheme:dark")
                .doesNotContain("http", "<script", "NaN");
    }

    private static double alone(int steps) {
        FakeTraining alone = new FakeTraining();
        IntStream.rangeClosed(1, steps).forEach(step -> alone.step(step, () -> alone.step(0.1)));
        return alone.weight;
    }

    private List<String> checkpoints() throws IOException {
        return names(folder.resolve("checkpoints"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static List<Map<String, Object>> withoutSeconds(Path folder) throws IOException {
        List<Map<String, Object>> lines = new StepLines(folder.resolve("metrics.jsonl")).read();
        lines.forEach(line -> line.remove("seconds"));
        return lines;
    }

    private static TrainReport train(Path out, FakeTraining training, int steps) throws IOException {
        return train(out, training, steps, new TrainConfig.Keeping(2, 2, false), training::stop);
    }

    private static TrainReport train(
            Path out,
            FakeTraining training,
            int steps,
            TrainConfig.Keeping keeping,
            java.util.function.BooleanSupplier stop)
            throws IOException {
        try (RunFolder run = RunFolder.open(out, SETTINGS, false)) {
            return loop(run, training, steps, keeping, stop).run();
        }
    }

    private static TrainLoop loop(
            RunFolder run,
            FakeTraining training,
            int steps,
            TrainConfig.Keeping keeping,
            java.util.function.BooleanSupplier stop)
            throws IOException {
        Schedule schedule = new Schedule(0.1, 0, steps, Schedule.Shape.CONSTANT, 0);
        TrainLoop.Plan plan = new TrainLoop.Plan(keeping, 2, schedule, 1, SETTINGS);
        return new TrainLoop(plan, run, training, training, training, stop);
    }
}
