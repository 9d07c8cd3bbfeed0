/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.Delivery;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.PromptBuilder;

@Timeout(60)
class CriticTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant DEADLINE = START.plusSeconds(60);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final List<Generation> asked = new CopyOnWriteArrayList<>();
    private final List<MetaRm.Sample> metaAsked = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private CriticConfig config = CriticConfig.from(Map.of());

    // ---- orders and scores

    @Test
    void givesEachScoreToTheResponseThatStoodInItsPlace() throws Exception {
        // Given: three responses, shown in another order, and a judge that scores by what it reads
        CritiqueRequest request = request(List.of(2, 5, 7), sample(0, 11, 7, 2, 5));

        // When
        Critique critique = only(critic(text("\\boxed{9, 1, 4}")), request);

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getScores())
                .containsExactly(new MemberScore(7, 9), new MemberScore(2, 1), new MemberScore(5, 4));
        assertThat(critique.getOrder()).containsExactly(7, 2, 5);
        assertThat(critique.getHinted()).isFalse();
        assertThat(asked.getFirst().prompt())
                .containsSubsequence(
                        "BEGIN RESPONSE 1 c0ffee", "text-7", "BEGIN RESPONSE 2", "text-2", "RESPONSE 3", "text-5");
    }

    @Test
    void restoresTheWorkedExampleOfThePaper() throws Exception {
        // Given: (8,8) in order; (9,5) and (10,7) shown in reversed order
        CritiqueRequest request =
                request(List.of(0, 1), sample(0, 100, 0, 1), sample(1, 101, 1, 0), sample(2, 102, 1, 0));
        Map<Long, String> boxes = Map.of(100L, "\\boxed{8, 8}", 101L, "\\boxed{9, 5}", 102L, "\\boxed{10, 7}");

        // When
        List<Critique> critiques = all(critic(generation -> done(boxes.get(generation.seed()), "stop")), request);

        // Then: restored (8,8), (5,9), (7,10); the vote is (20,27)
        Map<Integer, Integer> sums = critiques.stream()
                .flatMap(critique -> critique.getScores().stream())
                .collect(Collectors.groupingBy(MemberScore::getIndex, Collectors.summingInt(MemberScore::getScore)));
        assertThat(sums).isEqualTo(Map.of(0, 20, 1, 27));
    }

    @Test
    void saysEverythingThatTheContractAsksFor() throws Exception {
        Critique critique = only(critic(text("\\boxed{3}")), request(List.of(0), sample(4, 77, 0)));

        assertThat(critique.getJobId()).isEqualTo("job");
        assertThat(critique.getGroupId()).isEqualTo("group");
        assertThat(critique.getGroupAttempt()).isEqualTo(1);
        assertThat(critique.getPanel()).isEqualTo(2);
        assertThat(critique.getSample()).isEqualTo(4);
        assertThat(critique.getRequestId()).isEqualTo("request");
        assertThat(critique.getReason()).isNull();
        assertThat(critique.getDetail()).isNull();
        assertThat(critique.getRawText()).isEqualTo("\\boxed{3}");
        assertThat(critique.getFinishReason()).isEqualTo("stop");
        assertThat(critique.getMetaLogit()).isNull();
        assertThat(critique.getMetaModel()).isNull();
        assertThat(critique.getJudge()).isEqualTo("fake");
        assertThat(critique.getModel()).isEqualTo("fake-1");
        assertThat(critique.getPromptVersion()).isEqualTo("critique-v1");
        assertThat(critique.getSeed()).isEqualTo(77);
        assertThat(critique.getAttempt()).isEqualTo(1);
        assertThat(critique.getPromptTokens()).isEqualTo(10);
        assertThat(critique.getCompletionTokens()).isEqualTo(5);
        assertThat(critique.getStartedMs()).isEqualTo(START.toEpochMilli());
        assertThat(critique.getJudgeMs()).isEqualTo(3);
        assertThat(critique.getFinishedMs()).isEqualTo(START.toEpochMilli());
        assertThat(critique.getWorker()).isEqualTo("worker-1");
        assertThat(critique.getDelivery()).isEqualTo(2);
        assertThat(asked.getFirst().id()).isEqualTo("job/group/1/p2/s4/t1");
        assertThat(asked.getFirst().deadline()).isEqualTo(DEADLINE);
    }

    // ---- the known answer

    @Test
    void showsTheJudgeTheReferenceAnswer() throws Exception {
        CritiqueRequest request = builder(List.of(0), sample(0, 5, 0))
                .setReference("It is forty-two. \\boxed{42}")
                .build();

        only(critic(text("\\boxed{6}")), request);

        assertThat(asked.getFirst().prompt())
                .containsSubsequence("BEGIN REFERENCE", "It is forty-two. \\_boxed{42}", "END REFERENCE");
    }

    @Test
    void tellsTheJudgeWhereTheBestResponseStandsInEachSample() throws Exception {
        // Given: response 7 is the best, and stands first in one sample, last in the other
        CritiqueRequest request = builder(List.of(2, 5, 7), sample(0, 11, 7, 2, 5), sample(1, 12, 5, 2, 7))
                .setHint(7)
                .build();

        // When
        List<Critique> critiques = all(critic(text("\\boxed{9, 1, 4}")), request);

        // Then
        assertThat(critiques).allMatch(Critique::getHinted);
        Map<Long, String> prompts = asked.stream().collect(Collectors.toMap(Generation::seed, Generation::prompt));
        assertThat(prompts.get(11L).lines().toList().getLast()).contains("Response 1 is the best");
        assertThat(prompts.get(12L).lines().toList().getLast()).contains("Response 3 is the best");
    }

    @Test
    void tellsNothingOfAPanelWithoutTheBestResponseOrWithNothingElse() throws Exception {
        // Given
        CritiqueRequest elsewhere =
                builder(List.of(2, 5), sample(0, 11, 5, 2)).setHint(7).build();
        CritiqueRequest alone = builder(List.of(7), sample(0, 12, 7)).setHint(7).build();

        // When
        Critique other = only(critic(text("\\boxed{9, 1}")), elsewhere);
        Critique one = only(critic(text("\\boxed{9}")), alone);

        // Then
        assertThat(other.getHinted()).isFalse();
        assertThat(one.getHinted()).isFalse();
        assertThat(asked)
                .hasSize(2)
                .allSatisfy(generation -> assertThat(generation.prompt()).endsWith("Write nothing after the box."));
    }

    @Test
    void tellsTheRightScoreOfASingleResponse() throws Exception {
        CritiqueRequest request =
                builder(List.of(0), sample(0, 11, 0)).setHintScore(4).build();

        Critique critique = only(critic(text("\\boxed{4}")), request);

        assertThat(critique.getHinted()).isTrue();
        assertThat(asked.getFirst().prompt().lines().toList().getLast()).contains("right score of the response is 4");
    }

    // ---- further tries

    @Test
    void triesAgainWithAnotherSeedUntilScoresCanBeRead() throws Exception {
        // Given
        List<String> texts = List.of("no box", "\\boxed{11}", "\\boxed{6}");

        // When
        Critique critique = only(
                critic(generation -> done(texts.get(asked.size() - 1), "stop")), request(List.of(0), sample(0, 5, 0)));

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getAttempt()).isEqualTo(3);
        assertThat(asked.stream().map(Generation::seed).distinct())
                .hasSize(3)
                .allMatch(seed -> seed >= 0 && seed < 1L << 31);
        assertThat(critique.getSeed()).isEqualTo(asked.getLast().seed()).isNotEqualTo(5);
        assertThat(critique.getPromptTokens()).isEqualTo(30);
        assertThat(critique.getCompletionTokens()).isEqualTo(15);
        assertThat(critique.getJudgeMs()).isEqualTo(9);
        assertThat(pauses).isEmpty();
        assertThat(meters.get("kritik.worker.retries")
                        .tag("reason", "NO_BOX")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void endsInvalidWithTheLastTextWhenNoTryHeldScores() throws Exception {
        List<String> texts = List.of("no box", "\\boxed{1, 2}", "\\boxed{x}");

        Critique critique = only(
                critic(generation -> done(texts.get(asked.size() - 1), null)), request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
        assertThat(critique.getReason()).isEqualTo("NOT_NUMERIC");
        assertThat(critique.getDetail()).contains("'x'", "NO_BOX, COUNT_MISMATCH");
        assertThat(critique.getRawText()).isEqualTo("\\boxed{x}");
        assertThat(critique.getScores()).isEmpty();
        assertThat(critique.getAttempt()).isEqualTo(3);
    }

    @Test
    void takesATextThatMetTheLimitOfTokensForTruncated() throws Exception {
        Critique critique =
                only(critic(generation -> done("\\boxed{6}", "length")), request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getReason()).isEqualTo("TRUNCATED");
        assertThat(critique.getFinishReason()).isEqualTo("length");
    }

    @Test
    void pausesLongerFromFailureToFailure() throws Exception {
        // Given
        config = CriticConfig.from(Map.of("critic.attempts", "6", "critic.backoff.max.ms", "2000"));

        // When
        Critique critique = only(critic(fails(Reason.JUDGE_ERROR, true)), request(List.of(0), sample(0, 5, 0)));

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
        assertThat(critique.getReason()).isEqualTo("JUDGE_ERROR");
        assertThat(critique.getDetail()).contains("said no");
        assertThat(critique.getAttempt()).isEqualTo(6);
        assertThat(critique.getRawText()).isNull();
        assertThat(critique.getPromptTokens()).isNull();
        assertThat(critique.getJudgeMs()).isEqualTo(6 * 4);
        List<Integer> full = List.of(500, 1000, 2000, 2000, 2000);
        assertThat(pauses).hasSize(5);
        IntStream.range(0, 5)
                .forEach(i -> assertThat(pauses.get(i).toMillis()).isBetween(full.get(i) / 2L, (long) full.get(i)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PROMPT_TOO_LONG", "PROMPT_REFUSED"})
    void doesNotTryAgainWhatCanNotEndBetter(Reason reason) throws Exception {
        Critique critique = only(critic(fails(reason, false)), request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
        assertThat(critique.getReason()).isEqualTo(reason.name());
        assertThat(critique.getScores()).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @Test
    void keepsAnEarlierTextOutOfTheRecordOfAFailedTry() throws Exception {
        config = CriticConfig.from(Map.of("critic.attempts", "2"));

        Critique critique = only(
                critic(generation -> asked.size() == 1
                        ? done("no box", "stop")
                        : failed(new JudgeException(Reason.JUDGE_TIMEOUT, true, "too slow", null))),
                request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getReason()).isEqualTo("JUDGE_TIMEOUT");
        assertThat(critique.getRawText()).isNull();
        assertThat(critique.getPromptTokens()).isEqualTo(10);
        assertThat(critique.getDetail()).contains("NO_BOX");
    }

    // ---- deadlines

    @Test
    void doesNotAskTheJudgePastTheDeadline() throws Exception {
        now.set(DEADLINE);

        Critique critique = only(critic(text("\\boxed{6}")), request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
        assertThat(critique.getReason()).isEqualTo("DEADLINE");
        assertThat(critique.getAttempt()).isZero();
        assertThat(critique.getSeed()).isEqualTo(5);
        assertThat(asked).isEmpty();
    }

    @Test
    void makesNoFurtherTryThatTheDeadlineForbids() throws Exception {
        // Given: each try takes 25 of the 60 seconds
        config = CriticConfig.from(Map.of("critic.attempts", "9"));

        // When
        Critique critique = only(
                critic(generation -> {
                    now.updateAndGet(time -> time.plusSeconds(25));
                    return done("no box", "stop");
                }),
                request(List.of(0), sample(0, 5, 0)));

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
        assertThat(critique.getAttempt()).isEqualTo(3);
    }

    @Test
    void doesNotPauseUntilItIsTooLate() throws Exception {
        now.set(DEADLINE.minusMillis(100));

        Critique critique = only(critic(fails(Reason.JUDGE_ERROR, true)), request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getReason()).isEqualTo("JUDGE_ERROR");
        assertThat(pauses).isEmpty();
    }

    // ---- the Meta RM

    @Test
    void addsTheLogitOfTheMetaRmWhichReadsTheSampleAsItWasShown() throws Exception {
        Critique critique = only(
                critic(text("\\boxed{9, 1}"), meta(sample -> CompletableFuture.completedFuture(-15.7781))),
                request(List.of(0, 1), sample(0, 5, 1, 0)));

        assertThat(critique.getMetaLogit()).isEqualTo(-15.7781);
        assertThat(critique.getMetaModel()).isEqualTo("meta-1");
        assertThat(critique.getMetaDetail()).isNull();
        assertThat(critique.getMetaMs()).isNotNull();
        assertThat(metaAsked.getFirst().responses()).containsExactly("text-1", "text-0");
        assertThat(metaAsked.getFirst().critique()).isEqualTo("\\boxed{9, 1}");
        assertThat(metaAsked.getFirst().deadline()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void sendsTheScoresWithoutALogitWhenTheMetaRmFails() throws Exception {
        Critique critique = only(
                critic(
                        text("\\boxed{9}"),
                        meta(sample -> CompletableFuture.failedFuture(new IllegalStateException("meta is ill")))),
                request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getScores()).containsExactly(new MemberScore(0, 9));
        assertThat(critique.getMetaLogit()).isNull();
        assertThat(critique.getMetaModel()).isEqualTo("meta-1");
        assertThat(critique.getMetaDetail()).contains("meta is ill");
        assertThat(metaAsked).hasSize(2);
    }

    @Test
    void asksTheMetaRmAgainAndTakesNoLogitThatIsNoNumber() throws Exception {
        Critique critique = only(
                critic(
                        text("\\boxed{9}"),
                        meta(sample -> CompletableFuture.completedFuture(metaAsked.size() == 1 ? Double.NaN : 1.5))),
                request(List.of(0), sample(0, 5, 0)));

        assertThat(critique.getMetaLogit()).isEqualTo(1.5);
        assertThat(critique.getMetaDetail()).isNull();
    }

    @Test
    void leavesTheMetaRmAtMostHalfOfTheTimeThatIsLeft() throws Exception {
        now.set(DEADLINE.minusSeconds(4));

        only(
                critic(text("\\boxed{9}"), meta(sample -> CompletableFuture.completedFuture(0.0))),
                request(List.of(0), sample(0, 5, 0)));

        assertThat(metaAsked.getFirst().deadline()).isEqualTo(DEADLINE.minusSeconds(2));
    }

    @Test
    void doesNotAskTheMetaRmAboutWhatHasNoScores() throws Exception {
        only(
                critic(text("no box"), meta(sample -> CompletableFuture.completedFuture(0.0))),
                request(List.of(0), sample(0, 5, 0)));

        assertThat(metaAsked).isEmpty();
    }

    // ---- nothing is lost

    @Test
    void turnsWhatNobodyExpectedIntoAFailedCritique() throws Exception {
        for (Function<Generation, CompletableFuture<Completion>> broken :
                List.<Function<Generation, CompletableFuture<Completion>>>of(
                        generation -> {
                            throw new IllegalStateException("broken judge");
                        },
                        generation -> failed(new IllegalStateException("broken judge")),
                        generation -> CompletableFuture.completedFuture(null))) {
            Critique critique = only(critic(broken), request(List.of(0), sample(0, 5, 0)));

            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
            assertThat(critique.getReason()).isEqualTo("INTERNAL_ERROR");
        }
    }

    @Test
    void answersEachSampleOfARequestThatContradictsItself() throws Exception {
        List<Critique> critiques = all(
                critic(text("\\boxed{1, 2}")),
                request(
                        List.of(0, 1),
                        sample(0, 1, 0, 1),
                        sample(1, 2, 0, 0),
                        sample(2, 3, 0),
                        sample(3, 4, 0, 9),
                        sample(4, 5)));

        assertThat(critiques).hasSize(5);
        assertThat(critiques.stream().filter(c -> c.getStatus() == CritiqueStatus.OK))
                .hasSize(1);
        assertThat(critiques.stream().filter(c -> "INTERNAL_ERROR".equals(c.getReason())))
                .hasSize(4)
                .allSatisfy(c -> assertThat(c.getDetail()).contains("order"));
    }

    @Test
    void answersEachSampleWhenNoPromptCanBeWritten() throws Exception {
        Critic critic = critic(text("\\boxed{1}"), Optional.empty(), new PromptBuilder(() -> {
            throw new IllegalStateException("no more codes");
        }));

        assertThat(all(critic, request(List.of(0), sample(0, 1, 0), sample(1, 2, 0))))
                .hasSize(2)
                .allSatisfy(critique -> assertThat(critique.getDetail()).contains("no more codes"));
    }

    @Test
    void emitsEachCritiqueAsSoonAsItIsReadyAndEndsWithTheLast() throws Exception {
        // Given: the second sample's judge takes its time
        CompletableFuture<Completion> late = new CompletableFuture<>();
        Critic critic = critic(generation -> generation.seed() == 2 ? late : done("\\boxed{1}", "stop"));
        List<Critique> critiques = new CopyOnWriteArrayList<>();

        // When
        CompletableFuture<Void> all = critic.critique(
                request(List.of(0), sample(0, 1, 0), sample(1, 2, 0)), new Delivery(1, "w"), critiques::add);

        // Then
        await().until(() -> critiques.size() == 1);
        assertThat(all).isNotDone();
        assertThat(meters.get("kritik.worker.samples.in.flight").gauge().value())
                .isEqualTo(1);

        // When / Then
        late.complete(new Completion("\\boxed{2}", "stop", null, null, 1));
        all.get();
        assertThat(critiques).hasSize(2);
        assertThat(meters.get("kritik.worker.samples")
                        .tag("status", "OK")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void cancellingCancelsTheJudgeAndEmitsNothing() throws Exception {
        // Given
        List<CompletableFuture<Completion>> running = new CopyOnWriteArrayList<>();
        Critic critic = critic(generation -> {
            CompletableFuture<Completion> future = new CompletableFuture<>();
            running.add(future);
            return future;
        });
        List<Critique> critiques = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> all = critic.critique(
                request(List.of(0), sample(0, 1, 0), sample(1, 2, 0)), new Delivery(1, "w"), critiques::add);
        await().until(() -> running.size() == 2);

        // When
        all.cancel(true);

        // Then
        await().untilAsserted(() -> assertThat(running).allMatch(CompletableFuture::isCancelled));
        await().until(() ->
                meters.get("kritik.worker.samples.in.flight").gauge().value() == 0);
        assertThat(critiques).isEmpty();
    }

    @Test
    void failsWhenTheSinkFailsSoThatTheRequestIsDeliveredAgain() {
        CompletableFuture<Void> all = critic(text("\\boxed{1}"))
                .critique(request(List.of(0), sample(0, 1, 0)), new Delivery(1, "w"), critique -> {
                    throw new IllegalStateException("no broker");
                });

        assertThatThrownBy(all::get).isInstanceOf(ExecutionException.class).hasMessageContaining("no broker");
    }

    @Test
    void answersARequestThatIsGivenUpWithOneFailedCritiqueForEachSample() {
        List<Critique> critiques = new ArrayList<>();

        critic(text("\\boxed{1}"))
                .fail(
                        request(List.of(0), sample(0, 1, 0), sample(1, 2, 0)),
                        new Delivery(5, "w"),
                        "DELIVERIES_EXHAUSTED",
                        "delivered 5 times",
                        critiques::add);

        assertThat(critiques).hasSize(2).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
            assertThat(critique.getReason()).isEqualTo("DELIVERIES_EXHAUSTED");
            assertThat(critique.getAttempt()).isZero();
            assertThat(critique.getDelivery()).isEqualTo(5);
        });
        assertThat(asked).isEmpty();
    }

    // ---- the pieces

    private Critic critic(Function<Generation, CompletableFuture<Completion>> judge) {
        return critic(judge, Optional.empty());
    }

    private Critic critic(Function<Generation, CompletableFuture<Completion>> judge, Optional<MetaRm> meta) {
        return critic(judge, meta, new PromptBuilder(() -> "c0ffee"));
    }

    private Critic critic(
            Function<Generation, CompletableFuture<Completion>> judge, Optional<MetaRm> meta, PromptBuilder prompts) {
        Jury jury = new Jury(
                List.of(new Juror(Optional.empty(), judge(judge), prompts)), Duration.ZERO, Duration.ofSeconds(1));
        return new Critic(config, jury, meta, meters, now::get, this::pause);
    }

    private void pause(Duration time) {
        pauses.add(time);
        now.updateAndGet(before -> before.plus(time));
    }

    private Judge judge(Function<Generation, CompletableFuture<Completion>> answers) {
        return new Judge() {
            @Override
            public String kind() {
                return "fake";
            }

            @Override
            public String model() {
                return "fake-1";
            }

            @Override
            public CompletableFuture<Completion> generate(Generation generation) {
                asked.add(generation);
                return answers.apply(generation);
            }

            @Override
            public void close() {}
        };
    }

    private Optional<MetaRm> meta(Function<MetaRm.Sample, CompletableFuture<Double>> answers) {
        return Optional.of(new MetaRm() {
            @Override
            public String model() {
                return "meta-1";
            }

            @Override
            public CompletableFuture<Double> score(Sample sample) {
                metaAsked.add(sample);
                return answers.apply(sample);
            }

            @Override
            public void close() {}
        });
    }

    private static Function<Generation, CompletableFuture<Completion>> text(String text) {
        return generation -> done(text, "stop");
    }

    private static Function<Generation, CompletableFuture<Completion>> fails(Reason reason, boolean retryable) {
        return generation -> failed(new JudgeException(reason, retryable, "the judge said no", null, 4));
    }

    private static CompletableFuture<Completion> done(String text, String finishReason) {
        return CompletableFuture.completedFuture(new Completion(text, finishReason, 10L, 5L, 3));
    }

    private static CompletableFuture<Completion> failed(RuntimeException e) {
        return CompletableFuture.failedFuture(e);
    }

    private static SampleSpec sample(int number, long seed, Integer... order) {
        return new SampleSpec(number, seed, List.of(order), null);
    }

    private static CritiqueRequest request(List<Integer> indices, SampleSpec... samples) {
        return builder(indices, samples).build();
    }

    private static CritiqueRequest.Builder builder(List<Integer> indices, SampleSpec... samples) {
        return CritiqueRequest.newBuilder()
                .setRequestId("request")
                .setJobId("job")
                .setGroupId("group")
                .setGroupAttempt(1)
                .setPartition(0)
                .setPanel(2)
                .setMessages(List.of(new Message("user", "What is 6 times 7?")))
                .setResponses(indices.stream()
                        .map(index -> new PanelResponse(index, "text-" + index))
                        .toList())
                .setSamples(List.of(samples))
                .setDeadlineMs(DEADLINE.toEpochMilli())
                .setCreatedMs(START.toEpochMilli());
    }

    private static Critique only(Critic critic, CritiqueRequest request) throws Exception {
        List<Critique> critiques = all(critic, request);
        assertThat(critiques).hasSize(1);
        return critiques.getFirst();
    }

    private static List<Critique> all(Critic critic, CritiqueRequest request) throws Exception {
        List<Critique> critiques = new CopyOnWriteArrayList<>();
        critic.critique(request, new Delivery(2, "worker-1"), critiques::add).get();
        return new ArrayList<>(critiques);
    }
}
