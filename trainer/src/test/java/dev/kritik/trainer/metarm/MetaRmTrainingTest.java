/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.RewardModel;
import dev.kritik.lm.ScorerSettings;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.trainer.Tiny;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

class MetaRmTrainingTest {

    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void writeData() throws IOException {
        Tiny.assumeNatives();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add(Tiny.chat("query " + i, "\\boxed{" + (i % 2 == 0 ? "9" : "1") + "}", i % 2 == 0 ? 1 : 0));
        }
        data = Tiny.write(folder.resolve("critiques.jsonl"), lines);
    }

    @Test
    void aLanguageModelGetsAHeadAndLearnsToTellRightFromWrong() throws Exception {
        // Given
        Path out = folder.resolve("learns");
        List<String> notes = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void note(String text) {
                notes.add(text);
            }
        };

        // When
        TrainReport report = MetaRmTraining.train(
                Tiny.job(
                        Tiny.model("llama"),
                        data,
                        out,
                        Map.of("train.lr", "0.01", "train.steps", "25", "train.batch", "8", "meta.holdout", "0.3")),
                listener,
                () -> false);

        // Then
        assertThat(notes).anySatisfy(note -> assertThat(note).matches("held out: \\d+ right, \\d+ wrong"));
        assertThat(Tiny.metrics(out).getLast().get("eval_auc").doubleValue()).isGreaterThan(0.95);
        EngineSettings engine = new EngineSettings("cpu", EngineSettings.Precision.FLOAT32, 1);
        try (RewardModel trained =
                RewardModel.open(report.finalModel().orElseThrow(), engine, ScorerSettings.defaults())) {
            assertThat(score(trained, "\\boxed{9}")).isGreaterThan(score(trained, "\\boxed{1}") + 1);
        }
        // its own checkpoint is trained on from where it was
        Path next = folder.resolve("next");
        MetaRmTraining.train(
                Tiny.job(
                        report.finalModel().orElseThrow(),
                        data,
                        next,
                        Map.of("train.steps", "1", "meta.holdout", "0.3")),
                listener,
                () -> false);
        assertThat(Tiny.metrics(next).getFirst().get("eval_loss").doubleValue())
                .isEqualTo(Tiny.metrics(out).getLast().get("eval_loss").doubleValue(), within(1e-4));
    }

    @Test
    void hintedCritiquesAndOneSidedDataAreRefused() throws IOException {
        // Given
        Path hinted = Tiny.write(
                folder.resolve("hinted.jsonl"),
                List.of(
                        Tiny.chat("q", "a", 1).replace("\"label\"", "\"provenance\":{\"hinted\":true},\"label\""),
                        Tiny.chat("q", "b", 1)));

        // Then
        assertThatThrownBy(() -> MetaRmTraining.train(
                        Tiny.job(Tiny.model("llama"), hinted, folder.resolve("hinted"), Map.of("meta.holdout", "0")),
                        new TrainListener() {},
                        () -> false))
                .isInstanceOf(TrainException.class)
                .hasMessageContaining("same label");
    }

    private static float score(RewardModel model, String critique) throws Exception {
        int[] tokens =
                model.prompt(List.of(new ChatMessage("user", "query 3"), new ChatMessage("assistant", critique)));
        return model.score("test", tokens, Instant.now().plus(Duration.ofMinutes(1)))
                .get();
    }
}
