/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kritik.schema.Message;
import dev.kritik.trainer.Tiny;
import dev.kritik.trainer.rft.Rft;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;
import dev.kritik.worker.prompt.PromptBuilder;
import dev.kritik.worker.prompt.PromptVersion;

/** On a model that has learnt to write a box with one of two scores, whatever it reads. */
class RlTest {

    private static final List<String> QUERIES = List.of("sum?", "sort?", "copy?", "count?");

    @TempDir
    private static Path folder;

    private static Path judge;
    private static Path tasks;

    @BeforeAll
    static void coldStart() throws IOException {
        Tiny.assumeNatives();
        List<String> chats = new ArrayList<>();
        List<String> labelled = new ArrayList<>();
        for (String query : QUERIES) {
            String prompt = new PromptBuilder(PromptVersion.BRIEF_V1)
                    .forRequest(List.of(new Message("user", query)), null, 1)
                    .sample(List.of("yes"));
            chats.add(Tiny.chat(prompt, "\\boxed{3}", null));
            chats.add(Tiny.chat(prompt, "\\boxed{7}", null));
            labelled.add(Tiny.task(query, "yes", 7));
        }
        Path data = Tiny.write(folder.resolve("chats.jsonl"), chats);
        tasks = Tiny.write(folder.resolve("tasks.jsonl"), labelled);
        TrainReport report = Rft.train(
                Tiny.job(
                        Tiny.model("llama"),
                        data,
                        folder.resolve("cold"),
                        Map.of("train.lr", "0.02", "train.steps", "24", "train.batch", "8", "train.save.type", "f32")),
                new TrainListener() {},
                () -> false);
        judge = report.finalModel().orElseThrow();
    }

    @Test
    void learnsWhatIsRewarded() throws IOException {
        // When
        Path out = folder.resolve("learns");
        Rl.train(
                Tiny.evaluated(
                        Tiny.job(judge, tasks, out, config(Map.of("train.steps", "9", "eval.every", "9"))), tasks),
                new TrainListener() {},
                () -> false);

        // Then
        List<JsonNode> metrics = Tiny.metrics(out);
        assertThat(metrics.get(1).get("reward").doubleValue()).isBetween(-0.8, 0.6);
        assertThat(metrics.getLast().get("reward").doubleValue()).isGreaterThan(0.8);
        assertThat(metrics.getLast().get("eval_accuracy").doubleValue()).isEqualTo(1);
        assertThat(metrics.getLast().get("invalid_share").doubleValue()).isLessThan(0.1);
        // sampling and training agree on the policy
        assertThat(metrics.get(1).get("ratio_max").doubleValue()).isBetween(0.999, 1.001);
        assertThat(metrics.get(1).get("kl").doubleValue()).isBetween(-1e-4, 1e-4);
        assertThat(metrics.get(1).get("clip_share").doubleValue()).isZero();
        assertThat(metrics.get(1).get("entropy").doubleValue()).isPositive();
    }

    @Test
    void aRunInTwoPartsIsTheSameBitForBit() throws IOException {
        // Given
        Map<String, String> config =
                config(Map.of("train.steps", "4", "train.batch", "2", "rl.epochs", "2", "rl.order", "output"));
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Rl.train(Tiny.job(judge, tasks, whole, config), new TrainListener() {}, () -> false);

        // When
        AtomicInteger steps = new AtomicInteger();
        TrainListener counting = new TrainListener() {
            @Override
            public void step(Map<String, Object> values) {
                steps.incrementAndGet();
            }
        };
        Rl.train(Tiny.job(judge, tasks, parts, config), counting, () -> steps.get() == 2);
        Rl.train(Tiny.job(judge, tasks, parts, config), counting, () -> false);

        // Then
        assertThat(steps).hasValue(4);
        assertThat(Tiny.metrics(parts)).isEqualTo(Tiny.metrics(whole)).hasSize(4);
        assertThat(Tiny.contents(parts.resolve("final"))).isEqualTo(Tiny.contents(whole.resolve("final")));
    }

    @Test
    void queriesThatTheStartingModelAlwaysGetsRightAreLeftOut() throws IOException {
        // Given: nothing is right three times of three where the label is 9, which it never writes
        List<String> lines = new ArrayList<>();
        for (String query : QUERIES) {
            lines.add(Tiny.task(query, "yes", 7));
            lines.add(Tiny.task(query, "yes", 9));
        }
        Path mixed = Tiny.write(folder.resolve("mixed.jsonl"), lines);
        List<String> notes = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void note(String text) {
                notes.add(text);
            }
        };
        Path out = folder.resolve("easy");
        Map<String, String> config = new HashMap<>(config(Map.of("train.steps", "1", "rl.drop.easy", "1")));

        // When
        TrainReport report = Rl.train(Tiny.job(judge, mixed, out, config), listener, () -> false);

        // Then
        assertThat(report.done()).isEqualTo(1);
        assertThat(notes)
                .anySatisfy(note -> assertThat(note).matches("[1-4] of 8 queries are left out: .*1 of 1 times"));
        assertThat(out.resolve("prepared/hard-tasks.json")).content().contains("1", "3", "5", "7");
    }

    private static Map<String, String> config(Map<String, String> more) {
        Map<String, String> config =
                new HashMap<>(Map.of("train.lr", "0.004", "rl.group.size", "8", "kl.beta", "0.02"));
        config.putAll(more);
        return config;
    }
}
