/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.kritik.trainer.Tiny;
import dev.kritik.trainer.data.DataException;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;
import dev.kritik.trainer.run.TrainReport.Ending;

class RftTest {

    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void writeData() throws IOException {
        Tiny.assumeNatives();
        data = Tiny.write(
                folder.resolve("data.jsonl"),
                IntStream.range(0, 10)
                        .mapToObj(i -> Tiny.chat("word " + i + "?", i % 2 == 0 ? "even" : "odd", null))
                        .toList());
    }

    @Test
    void learnsWhatTheAssistantSaysAndLeavesACheckpointThatCanBeUsed() throws IOException {
        // Given
        Path out = folder.resolve("learns");
        TrainJob job = Tiny.evaluated(
                Tiny.job(
                        Tiny.model("llama"),
                        data,
                        out,
                        Map.of("train.lr", "0.01", "train.epochs", "12", "eval.every", "18")),
                data);

        // When
        TrainReport report = Rft.train(job, new TrainListener() {}, () -> false);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(report.done()).isEqualTo(36);
        var metrics = Tiny.metrics(out);
        assertThat(metrics).hasSize(37);
        assertThat(metrics.getFirst().get("eval_loss").doubleValue()).isGreaterThan(4);
        assertThat(metrics.getLast().get("eval_loss").doubleValue()).isLessThan(0.5);
        assertThat(metrics.getLast().get("token_accuracy").doubleValue()).isGreaterThan(0.7);
        // the trained model can be trained on
        TrainJob next = Tiny.evaluated(
                Tiny.job(out.resolve("final"), data, folder.resolve("next"), Map.of("train.steps", "1")), data);
        Rft.train(next, new TrainListener() {}, () -> false);
        assertThat(Tiny.metrics(folder.resolve("next")).getFirst().get("eval_loss"))
                .isEqualTo(metrics.getLast().get("eval_loss"));
        assertThat(out.resolve("final/kritik.json")).hasContent("{\"prompt\": \"brief-v1\"}");
    }

    @Test
    void aRunInTwoPartsIsTheSameBitForBit() throws IOException {
        // Given
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Map<String, String> config = Map.of("train.lr", "0.01", "train.steps", "6", "train.micro.tokens", "60");
        Rft.train(Tiny.job(Tiny.model("llama"), data, whole, config), new TrainListener() {}, () -> false);

        // When
        AtomicInteger steps = new AtomicInteger();
        TrainListener counting = new TrainListener() {
            @Override
            public void step(Map<String, Object> values) {
                steps.incrementAndGet();
            }
        };
        TrainReport stopped =
                Rft.train(Tiny.job(Tiny.model("llama"), data, parts, config), counting, () -> steps.get() == 3);
        TrainReport finished = Rft.train(Tiny.job(Tiny.model("llama"), data, parts, config), counting, () -> false);

        // Then
        assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
        assertThat(finished.ending()).isEqualTo(Ending.FINISHED);
        assertThat(steps).hasValue(6);
        assertThat(Tiny.metrics(parts)).isEqualTo(Tiny.metrics(whole)).hasSize(6);
        assertThat(Tiny.contents(parts.resolve("final"))).isEqualTo(Tiny.contents(whole.resolve("final")));
        assertThat(Tiny.contents(parts.resolve("checkpoints/step-000006")))
                .isEqualTo(Tiny.contents(whole.resolve("checkpoints/step-000006")));
    }

    @Test
    void howABatchIsCutChangesNoMoreThanTheRounding() throws IOException {
        // Given
        Map<String, String> config = Map.of("train.lr", "0.01", "train.steps", "3");

        // When
        List<Double> losses = new ArrayList<>();
        for (String micro : List.of("40", "100000")) {
            Map<String, String> cut = new java.util.HashMap<>(config);
            cut.put("train.micro.tokens", micro);
            Path out = folder.resolve("micro-" + micro);
            Rft.train(Tiny.job(Tiny.model("qwen3"), data, out, cut), new TrainListener() {}, () -> false);
            losses.add(Tiny.metrics(out).getLast().get("loss").doubleValue());
        }

        // Then
        assertThat(losses.get(0)).isCloseTo(losses.get(1), org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void beginsWithRandomWeightsWhereThatIsAskedFor() throws IOException {
        // Given: config and tokenizer, no weights; the evaluation is on tasks, and lets it write
        Path bare = Files.createDirectories(folder.resolve("bare"));
        for (String file :
                List.of("config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            Files.copy(Tiny.model("llama").resolve(file), bare.resolve(file));
        }
        Path tasks = Tiny.write(folder.resolve("tasks.jsonl"), List.of(Tiny.task("2+2?", "4", 9)));
        TrainJob job = Tiny.evaluated(
                Tiny.job(
                        bare,
                        data,
                        folder.resolve("fresh"),
                        Map.of("train.init", "random", "train.steps", "1", "train.save.type", "f16")),
                tasks);

        // When
        TrainReport report = Rft.train(job, new TrainListener() {}, () -> false);

        // Then
        assertThat(report.ending()).isEqualTo(Ending.FINISHED);
        assertThat(Tiny.metrics(folder.resolve("fresh"))
                        .getLast()
                        .get("eval_accuracy")
                        .doubleValue())
                .isZero();
        assertThat(Files.size(report.finalModel().orElseThrow().resolve("model.safetensors")))
                .isLessThan(Files.size(Tiny.model("llama").resolve("model.safetensors")) * 6 / 10);
    }

    @Test
    void whatIsTooLongIsLeftOutAndCounted() throws IOException {
        // Given
        Path mixed = Tiny.write(
                folder.resolve("mixed.jsonl"),
                List.of(Tiny.chat("short", "a", null), Tiny.chat("long ".repeat(300), "b", null)));
        List<String> notes = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void note(String text) {
                notes.add(text);
            }
        };

        // When
        Rft.train(
                Tiny.job(Tiny.model("llama"), mixed, folder.resolve("mixed"), Map.of("train.steps", "1")),
                listener,
                () -> false);

        // Then
        assertThat(notes)
                .anySatisfy(note -> assertThat(note).contains("1 of 2 examples", "1 left out: longer than 512 tokens"));
        assertThatThrownBy(() -> Rft.train(
                        Tiny.job(
                                Tiny.model("llama"),
                                mixed,
                                folder.resolve("none"),
                                Map.of("train.steps", "1", "data.max.tokens", "3")),
                        listener,
                        () -> false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nothing to learn from");
    }
}
