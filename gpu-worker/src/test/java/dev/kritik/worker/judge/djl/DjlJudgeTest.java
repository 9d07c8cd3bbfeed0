/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.ChatPrompt;
import dev.kritik.lm.text.ChatTemplate;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;

/** The adapter alone, on a model that the test plays. */
class DjlJudgeTest {

    private static final Sampling SAMPLING = new Sampling(0.5, 20, 0.9, 64, List.of());
    private static final Generation GENERATION =
            new Generation("job/group/0/p0/s1/t1", "Judge this.", 42, Instant.parse("2026-01-01T00:00:10Z"));

    private final List<List<ChatMessage>> turns = new ArrayList<>();
    private final List<GenerateRequest> requests = new ArrayList<>();
    private final CompletableFuture<Generated> text = new CompletableFuture<>();
    private final List<String> closed = new ArrayList<>();
    private final DjlJudge judge =
            new DjlJudge("org/name", Optional.empty(), this::template, this::generate, SAMPLING, () -> closed.add("x"));

    private int[] template(List<ChatMessage> messages) {
        turns.add(messages);
        return new int[] {7, 8, 9};
    }

    private CompletableFuture<Generated> generate(GenerateRequest request) {
        requests.add(request);
        return text;
    }

    @Test
    void asksWithTheUsersTurnAndTheSeedAndTheDeadlineOfTheTry() {
        // When
        var unused = judge.generate(GENERATION);

        // Then
        assertThat(turns).containsExactly(List.of(new ChatMessage("user", "Judge this.")));
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.id()).isEqualTo(GENERATION.id());
            assertThat(request.prompt()).containsExactly(7, 8, 9);
            assertThat(request.seed()).isEqualTo(42);
            assertThat(request.deadline()).isEqualTo(GENERATION.deadline());
            assertThat(request.sampling()).isEqualTo(SAMPLING);
        });
        assertThat(judge.kind()).isEqualTo("djl");
        assertThat(judge.model()).isEqualTo("org/name");
    }

    @ParameterizedTest
    @CsvSource({"STOP, stop", "LENGTH, length"})
    void givesTheTextItsTokensAndWhyItEnded(Finish finish, String reason) throws Exception {
        // Given
        CompletableFuture<Completion> completion = judge.generate(GENERATION);

        // When
        text.complete(new Generated("Good.", new int[] {1, 2}, new float[] {-1, -2}, finish, 3, 2, 150));

        // Then
        assertThat(completion.get(5, TimeUnit.SECONDS)).isEqualTo(new Completion("Good.", reason, 3L, 2L, 150));
    }

    @ParameterizedTest
    @CsvSource({
        "PROMPT_TOO_LONG, PROMPT_TOO_LONG, false",
        "DEADLINE, DEADLINE, false",
        "ENGINE, JUDGE_ERROR, true",
        "BUSY, JUDGE_ERROR, true",
        "CLOSED, JUDGE_ERROR, false"
    })
    void saysWhyThereIsNoTextAndWhetherAnotherTryHelps(
            GenerationException.Reason of, Reason reason, boolean retryable) {
        // Given
        CompletableFuture<Completion> completion = judge.generate(GENERATION);

        // When
        text.completeExceptionally(new GenerationException(of, "for this reason"));

        // Then
        assertFails(completion, reason, retryable, "for this reason");
    }

    @Test
    void aFailureThatNobodyForesawIsAnErrorOfTheJudge() {
        CompletableFuture<Completion> completion = judge.generate(GENERATION);

        text.completeExceptionally(new IllegalStateException("what is this"));

        assertFails(completion, Reason.JUDGE_ERROR, false, "what is this");
    }

    @Test
    void aTemplateOrAModelThatThrowsIsAFailureOfTheTextAndNotOfTheCaller() {
        // Given
        var refusing = new DjlJudge(
                "m",
                Optional.empty(),
                messages -> {
                    throw new IllegalArgumentException("roles must alternate");
                },
                this::generate,
                SAMPLING,
                () -> {});
        var full = new DjlJudge(
                "m",
                Optional.empty(),
                this::template,
                request -> {
                    throw new GenerationException(GenerationException.Reason.ENGINE, "the queue is full");
                },
                SAMPLING,
                () -> {});

        // When // Then
        assertFails(refusing.generate(GENERATION), Reason.JUDGE_ERROR, false, "roles must alternate");
        assertFails(full.generate(GENERATION), Reason.JUDGE_ERROR, true, "the queue is full");
    }

    @Test
    void aConversationThatTheTemplateRefusesIsTheSamplesFaultAndNotTriedAgain() {
        // Given
        TinyCheckpoints.assumeNatives();
        try (Tokenizer tokenizer =
                Tokenizer.open(TinyCheckpoints.folder("llama").resolve("tokenizer.json"))) {
            var prompt = new ChatPrompt(
                    tokenizer, ChatTemplate.of("{{ raise_exception('no turns of a user, please') }}", Map.of()));
            var refusing = new DjlJudge("m", Optional.empty(), prompt::tokens, this::generate, SAMPLING, () -> {});

            // When // Then
            assertFails(refusing.generate(GENERATION), Reason.PROMPT_REFUSED, false, "no turns of a user, please");
        }
    }

    @Test
    void anEngineThatFailsAgainAndAgainIsSaidToBeGone() {
        // Given
        var broken = new DjlJudge(
                "m",
                Optional.empty(),
                this::template,
                request -> CompletableFuture.failedFuture(new GenerationException(
                        GenerationException.Reason.ENGINE, "the engine failed", new IllegalStateException())),
                SAMPLING,
                () -> {});

        // When // Then
        for (int i = 0; i < EngineWatch.FAILURES; i++) {
            assertThat(broken.gone()).isNotCompleted();
            assertFails(broken.generate(GENERATION), Reason.JUDGE_ERROR, true, "the engine failed");
        }
        assertThat(broken.gone()).isCompleted();
    }

    @Test
    void cancellingEndsTheModelsWork() {
        // Given
        CompletableFuture<Completion> completion = judge.generate(GENERATION);

        // When
        completion.cancel(true);

        // Then
        assertThat(text).isCancelled();
    }

    @Test
    void closingClosesTheModelOnce() {
        judge.close();
        judge.close();

        assertThat(closed).hasSize(1);
    }

    private static void assertFails(CompletableFuture<?> future, Reason reason, boolean retryable, String words) {
        assertThatThrownBy(() -> future.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(JudgeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.retryable()).isEqualTo(retryable);
                    assertThat(e).hasMessageContaining(words);
                });
    }
}
