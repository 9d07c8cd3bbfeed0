/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.schema.Message;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.MetaPrompt;

/** The adapter alone, on a model that the test plays. */
class DjlMetaRmTest {

    private static final MetaRm.Sample SAMPLE = new MetaRm.Sample(
            "job/group/0/p0/s1",
            List.of(new Message("user", "What is two plus two?")),
            List.of("4", "5"),
            "The first is right. \\boxed{9, 2}",
            Instant.parse("2026-01-01T00:00:10Z"));

    private final List<List<ChatMessage>> turns = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final CompletableFuture<Float> logit = new CompletableFuture<>();
    private final DjlMetaRm meta = new DjlMetaRm(
            "org/meta",
            messages -> {
                turns.add(messages);
                return new int[] {1, 2};
            },
            (id, tokens, deadline) -> {
                asked.add(id + " " + tokens.length + " " + deadline);
                return logit;
            },
            () -> {});

    @Test
    void scoresTheTurnsOfTheMetaPrompt() throws Exception {
        // Given
        CompletableFuture<Double> score = meta.score(SAMPLE);

        // When
        logit.complete(-15.5f);

        // Then
        MetaPrompt prompt = MetaPrompt.of(SAMPLE.messages(), SAMPLE.responses(), SAMPLE.critique());
        assertThat(score.get(5, TimeUnit.SECONDS)).isEqualTo(-15.5);
        assertThat(turns)
                .containsExactly(List.of(
                        new ChatMessage("user", prompt.user()), new ChatMessage("assistant", prompt.assistant())));
        assertThat(asked).containsExactly("job/group/0/p0/s1 2 2026-01-01T00:00:10Z");
        assertThat(meta.model()).isEqualTo("org/meta");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsNoNumberIsNoLogit(float value) {
        CompletableFuture<Double> score = meta.score(SAMPLE);

        logit.complete(value);

        assertThatThrownBy(() -> score.get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(JudgeException.class)
                .hasMessageContaining("the logit is " + value);
    }

    @Test
    void aSampleThatIsTooLongIsNotTriedAgain() {
        CompletableFuture<Double> score = meta.score(SAMPLE);

        logit.completeExceptionally(
                new GenerationException(GenerationException.Reason.PROMPT_TOO_LONG, "9000 tokens, 4096 fit"));

        assertThatThrownBy(() -> score.get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(JudgeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.PROMPT_TOO_LONG);
                    assertThat(e.retryable()).isFalse();
                });
    }

    @Test
    void anEngineThatFailsAgainAndAgainIsSaidToBeGone() {
        // Given
        MetaRm broken = new DjlMetaRm(
                "m",
                messages -> new int[] {1},
                (id, tokens, deadline) -> CompletableFuture.failedFuture(new GenerationException(
                        GenerationException.Reason.ENGINE, "the engine failed", new IllegalStateException())),
                () -> {});
        assertThat(broken.gone()).isNotCompleted();

        // When
        for (int i = 0; i < 5; i++) {
            assertThat(broken.score(SAMPLE)).isCompletedExceptionally();
        }

        // Then
        assertThat(broken.gone()).isCompleted();
    }

    @Test
    void cancellingEndsTheModelsWork() {
        meta.score(SAMPLE).cancel(true);

        assertThat(logit).isCancelled();
    }
}
