/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.Delivery;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.PromptVersion;

@Timeout(60)
class JuryTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration RETRY = Duration.ofSeconds(40);
    private static final long SEED = 5;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, FakeJudge> judges = new LinkedHashMap<>();
    private final FakeJudge haiku = judge("haiku");
    private final FakeJudge gpt = judge("gpt");
    private final FakeJudge sonnet = judge("sonnet");
    private Critic critic;
    private Optional<MetaRm> meta = Optional.empty();
    private Duration time = Duration.ofMinutes(10);

    private FakeJudge judge(String name) {
        FakeJudge judge = new FakeJudge(name + "-1", now);
        judges.put(name, judge);
        return judge;
    }

    // ---- who writes what

    @Test
    void givesEachSampleToTheJudgeThatItNamesInThatJudgesWording() throws Exception {
        // When
        List<Critique> critiques = critiques(request(sample(0, SEED, "gpt"), sample(1, SEED, "sonnet")));

        // Then
        Map<Integer, Critique> bySample =
                critiques.stream().collect(Collectors.toMap(Critique::getSample, Function.identity()));
        assertThat(bySample.get(0).getJudgeName()).isEqualTo("gpt");
        assertThat(bySample.get(0).getModel()).isEqualTo("gpt-1");
        assertThat(bySample.get(0).getPromptVersion()).isEqualTo("critique-v1");
        assertThat(bySample.get(1).getJudgeName()).isEqualTo("sonnet");
        assertThat(bySample.get(1).getPromptVersion()).isEqualTo("brief-v1");
        assertThat(critiques)
                .allSatisfy(critique -> assertThat(critique.getReplaced()).isNull());
        assertThat(gpt.asked.getFirst().prompt()).contains("Specific Criteria:");
        assertThat(sonnet.asked.getFirst().prompt()).doesNotContain("Specific Criteria:");
        assertThat(haiku.asked).isEmpty();
        assertThat(gpt.patience()).containsExactly(PATIENCE);
    }

    @Test
    void givesASampleWithoutANameToTheFirst() throws Exception {
        Critique critique = critique(null);

        assertThat(critique.getJudgeName()).isEqualTo("haiku");
        assertThat(critique.getReplaced()).isNull();
    }

    @Test
    void anotherTakesThePlaceOfAJudgeThatNobodyHereKnows() throws Exception {
        // When
        Critique first = critique("gemini");
        Critique second = critique("gemini");

        // Then: the same for the same seed
        assertThat(first.getJudgeName()).isIn(judges.keySet()).isEqualTo(second.getJudgeName());
        assertThat(first.getReplaced()).isEqualTo("gemini");
        assertThat(first.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(replaced("unknown", "UNKNOWN_JUDGE")).isEqualTo(2);
    }

    @Test
    void aWorkerWithoutAJurySaysWhomItsJudgeReplaces() throws Exception {
        // Given
        critic = new Critic(CriticConfig.from(Map.of()), haiku, Optional.empty(), meters);
        time = Duration.ofDays(36_500);

        // When
        Critique named = critique("gpt");
        Critique unnamed = critique(null);

        // Then
        assertThat(named.getJudgeName()).isNull();
        assertThat(named.getReplaced()).isEqualTo("gpt");
        assertThat(unnamed.getJudgeName()).isNull();
        assertThat(unnamed.getReplaced()).isNull();
        assertThat(haiku.asked)
                .allSatisfy(generation -> assertThat(generation.patience()).isEmpty());
    }

    @Test
    void aJuryOfOneWaitsForItsJudgeUntilTheDeadline() throws Exception {
        // Given
        judges.keySet().retainAll(List.of("gpt"));
        gpt.isAway();

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getReason()).isEqualTo("DEADLINE");
        assertThat(critique.getJudgeName()).isEqualTo("gpt");
        assertThat(critique.getReplaced()).isNull();
        assertThat(critique.getAttempt()).isEqualTo(1);
        assertThat(gpt.asked).hasSize(1);
        assertThat(gpt.asked.getFirst().patience()).isEmpty();
    }

    // ---- a judge that is down

    @Test
    void aJudgeThatTakesNoRequestsIsReplacedAfterThePatienceAndThenAtOnce() throws Exception {
        // Given
        gpt.isAway();

        // When
        Critique first = critique("gpt");
        Instant afterFirst = now.get();
        Critique second = critique("gpt");

        // Then: what it took no request for was no try, so the one who takes its place has the sample's own seed
        assertThat(afterFirst).isEqualTo(START.plus(PATIENCE));
        assertThat(now.get()).isEqualTo(afterFirst);
        for (Critique critique : List.of(first, second)) {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
            assertThat(critique.getReplaced()).isEqualTo("gpt");
            assertThat(critique.getJudgeName()).isIn("haiku", "sonnet");
            assertThat(critique.getModel()).isEqualTo(critique.getJudgeName() + "-1");
            assertThat(critique.getAttempt()).isEqualTo(1);
            assertThat(critique.getSeed()).isEqualTo(SEED);
            assertThat(critique.getDetail()).isNull();
        }
        assertThat(gpt.asked).hasSize(1);
        assertThat(up("gpt")).isZero();
        assertThat(up("haiku")).isEqualTo(1);
        assertThat(replaced("gpt", "UNAVAILABLE")).isEqualTo(1);
        assertThat(replaced("gpt", "DOWN")).isEqualTo(1);
        assertThat(meters.get("kritik.worker.judge")
                        .tags("judge", "gpt", "outcome", "UNAVAILABLE")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void nothingCanBeJudgedWhileAllJudgesAreDown() throws Exception {
        // Given
        critique("gpt");
        assertThat(critic.idle()).isEmpty();

        // When
        gpt.isAway();
        critique("gpt");
        assertThat(critic.idle()).as("two others are up").isEmpty();
        haiku.isAway();
        sonnet.isAway();
        critique("sonnet");

        // Then
        assertThat(critic.idle()).contains("none of its judges takes requests: haiku, gpt, sonnet");
    }

    @Test
    void fromTimeToTimeOneSampleSeesWhetherItIsBackWithoutWaiting() throws Exception {
        // Given
        gpt.isAway();
        critique("gpt");

        // When: still away
        now.updateAndGet(before -> before.plus(RETRY));
        Instant before = now.get();
        Critique probe = critique("gpt");
        critique("gpt");

        // Then
        assertThat(gpt.patience()).containsExactly(PATIENCE, Duration.ZERO);
        assertThat(now.get()).isEqualTo(before);
        assertThat(probe.getReplaced()).isEqualTo("gpt");

        // When: back
        gpt.writes("\\boxed{6}");
        Critique tooEarly = critique("gpt");
        now.updateAndGet(earlier -> earlier.plus(RETRY));
        Critique back = critique("gpt");

        // Then
        assertThat(tooEarly.getReplaced()).isEqualTo("gpt");
        assertThat(back.getReplaced()).isNull();
        assertThat(back.getJudgeName()).isEqualTo("gpt");
        assertThat(up("gpt")).isEqualTo(1);
        assertThat(critique("gpt").getReplaced()).isNull();
    }

    @Test
    void samplesOfAJudgeThatIsDownSpreadEvenlyOverTheOthersHoweverManyAreUp() throws Exception {
        // Given
        judge("qwen");
        gpt.isAway();
        sonnet.isAway();
        critique("gpt");
        critique("sonnet");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);

        // When
        Map<String, Long> writers = IntStream.range(0, 400)
                .mapToObj(i -> critiqueOf(sample(i, random.nextLong(1L << 31), "gpt")))
                .collect(Collectors.groupingBy(Critique::getJudgeName, Collectors.counting()));

        // Then: 200 each, give or take five standard deviations
        assertThat(writers).as("seed %d", seed).containsOnlyKeys("haiku", "qwen");
        assertThat(writers.get("haiku")).as("seed %d", seed).isBetween(150L, 250L);
    }

    @Test
    void aSampleWithLittleTimeLeavesHalfOfItToAnotherAndConvictsNobody() throws Exception {
        // Given: 10 seconds, which is less than the patience
        time = Duration.ofSeconds(10);
        gpt.isAway();

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(gpt.patience()).containsExactly(Duration.ofSeconds(5));
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(up("gpt")).as("it was not waited for long enough to tell").isEqualTo(1);
    }

    @Test
    void severalSamplesInARowWithLittleTimeFindAJudgeDownThatTakesNoRequests() throws Exception {
        // Given: less than twice the patience for each of them
        time = Duration.ofSeconds(10);
        gpt.isAway();

        // When
        List<Critique> critiques = new ArrayList<>();
        for (int i = 0; i < Standing.FAILURES; i++) {
            critiques.add(critique("gpt"));
            assertThat(up("gpt")).as("after %d", i + 1).isEqualTo(i + 1 < Standing.FAILURES ? 1 : 0);
        }
        Instant afterFailures = now.get();
        critiques.add(critique("gpt"));

        // Then: the last one lost no time
        assertThat(gpt.asked).hasSize(Standing.FAILURES);
        assertThat(now.get()).isEqualTo(afterFailures);
        assertThat(critiques).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
            assertThat(critique.getReplaced()).isEqualTo("gpt");
        });
    }

    @Test
    void anAnswerBetweenSamplesWithLittleTimeBeginsTheCountAnew() throws Exception {
        time = Duration.ofSeconds(10);
        for (int round = 0; round < 2; round++) {
            gpt.isAway();
            for (int i = 1; i < Standing.FAILURES; i++) {
                critique("gpt");
            }
            gpt.writes("\\boxed{6}");
            critique("gpt");
        }

        assertThat(up("gpt")).isEqualTo(1);
        assertThat(critique("gpt").getReplaced()).isNull();
    }

    @Test
    void aJudgeThatTakesRequestsAndHangsIsReplacedHalfwayAndFoundDown() throws Exception {
        // Given
        time = Duration.ofSeconds(60);
        gpt.hangs();

        // When
        for (int i = 0; i < Standing.FAILURES + 1; i++) {
            Critique critique = critique("gpt");
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
            assertThat(critique.getReplaced()).isEqualTo("gpt");
        }

        // Then
        assertThat(now.get()).isEqualTo(START.plusSeconds(30L * Standing.FAILURES));
        assertThat(gpt.asked).hasSize(Standing.FAILURES);
        assertThat(up("gpt")).isZero();
        assertThat(replaced("gpt", "JUDGE_TIMEOUT")).isEqualTo(Standing.FAILURES);
    }

    @Test
    void theLastJudgeThatIsLeftHasAllTheTimeThatIsLeft() throws Exception {
        // Given
        time = Duration.ofSeconds(60);
        judges.values().forEach(FakeJudge::hangs);

        // When
        Critique critique = critique("gpt");

        // Then: a half, a quarter, and a quarter
        assertThat(critique.getReason()).isEqualTo("DEADLINE");
        assertThat(critique.getAttempt()).isEqualTo(3);
        assertThat(now.get()).isEqualTo(START.plus(time));
        assertThat(gpt.asked).singleElement().matches(Generation::halves);
        assertThat(Stream.concat(haiku.asked.stream(), sonnet.asked.stream()).filter(Generation::halves))
                .hasSize(1);
    }

    @Test
    void whenAllAreDownASampleWaitsForItsOwnJudge() throws Exception {
        // Given: it comes back after five minutes
        judges.values().forEach(FakeJudge::isAway);
        gpt.isAwayUntil(START.plusSeconds(300));

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getJudgeName()).isEqualTo("gpt");
        assertThat(critique.getReplaced()).isNull();
        assertThat(critique.getAttempt()).isEqualTo(1);
        assertThat(now.get()).isEqualTo(START.plusSeconds(300));
        assertThat(up("gpt")).isEqualTo(1);
        assertThat(up("haiku")).isZero();
    }

    @Test
    void whileItWaitsForItsOwnItLooksAtTheOthersNowAndThen() throws Exception {
        // Given: its own never comes back, another does
        judges.values().forEach(FakeJudge::isAway);
        haiku.isAwayUntil(START.plusSeconds(200));

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getJudgeName()).isEqualTo("haiku");
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(now.get())
                .isBetween(START.plusSeconds(200), START.plusSeconds(200).plus(RETRY.multipliedBy(2)));
    }

    @Test
    void whenAllStayDownTheSampleFailsAtTheDeadline() throws Exception {
        judges.values().forEach(FakeJudge::isAway);

        Critique critique = critique("gpt");

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
        assertThat(critique.getReason()).isEqualTo("DEADLINE");
        assertThat(critique.getJudgeName()).isEqualTo("gpt");
        assertThat(critique.getReplaced()).isNull();
        assertThat(critique.getRawText()).isNull();
        assertThat(now.get()).isEqualTo(START.plus(time));
    }

    // ---- a judge that fails

    @Test
    void triesTokensAndTimeOfAllJudgesAreCounted() throws Exception {
        // Given: a text without scores, then errors
        haiku.writes("\\boxed{4}");
        sonnet.writes("\\boxed{4}");
        gpt.does(generation -> {
            boolean first = gpt.asked.size() == 1;
            gpt.fails(Reason.JUDGE_ERROR, true);
            return first
                    ? CompletableFuture.completedFuture(new Completion("no box", "stop", 7L, 2L, 9))
                    : CompletableFuture.failedFuture(new IllegalStateException());
        });

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(gpt.asked).hasSize(3);
        assertThat(critique.getAttempt()).isEqualTo(4);
        assertThat(critique.getPromptTokens()).isEqualTo(7 + 10);
        assertThat(critique.getCompletionTokens()).isEqualTo(2 + 5);
        assertThat(critique.getJudgeMs()).isEqualTo(9 + 4 + 4 + 3);
        FakeJudge writer = judges.get(critique.getJudgeName());
        assertThat(critique.getSeed()).isEqualTo(writer.asked.getFirst().seed());
        assertThat(writer.asked.getFirst().id()).isEqualTo("job/group/1/p2/s0/t4");
        assertThat(IntStream.concat(
                                gpt.asked.stream().mapToInt(generation -> (int) generation.seed()),
                                IntStream.of((int) critique.getSeed()))
                        .distinct())
                .hasSize(4);
        assertThat(replaced("gpt", "JUDGE_ERROR")).isEqualTo(1);
        assertThat(up("gpt")).as("one sample says little").isEqualTo(1);
    }

    @Test
    void aJudgeThatDidNotAnswerInTimeIsNotAskedASecondTimeBeforeAnother() throws Exception {
        gpt.fails(Reason.JUDGE_TIMEOUT, true);

        Critique critique = critique("gpt");

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK);
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(critique.getAttempt()).isEqualTo(2);
        assertThat(pauses).isEmpty();
        assertThat(replaced("gpt", "JUDGE_TIMEOUT")).isEqualTo(1);
    }

    @Test
    void severalFailedSamplesInARowFindAJudgeDown() throws Exception {
        // Given
        gpt.fails(Reason.JUDGE_ERROR, false);

        // When
        for (int i = 0; i < Standing.FAILURES + 2; i++) {
            assertThat(critique("gpt").getReplaced()).isEqualTo("gpt");
        }

        // Then
        assertThat(gpt.asked).hasSize(Standing.FAILURES);
        assertThat(up("gpt")).isZero();
    }

    @Test
    void whenAllFailTheLastTrySaysWhyAndWhatWentBefore() throws Exception {
        // Given
        judges.values().forEach(judge -> judge.fails(Reason.JUDGE_ERROR, false));

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
        assertThat(critique.getReason()).isEqualTo("JUDGE_ERROR");
        assertThat(critique.getAttempt()).isEqualTo(3);
        assertThat(critique.getJudgeName()).isIn("haiku", "sonnet");
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(critique.getDetail()).contains(critique.getModel() + " said no", "tries before: gpt: JUDGE_ERROR, ");
        assertThat(replaced("gpt", "JUDGE_ERROR")).isEqualTo(1);
    }

    @Test
    void aTextWithoutScoresIsAnAnswerAndNobodyElseIsAsked() throws Exception {
        gpt.writes("no box");

        Critique critique = critique("gpt");

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
        assertThat(critique.getReason()).isEqualTo("NO_BOX");
        assertThat(critique.getJudgeName()).isEqualTo("gpt");
        assertThat(critique.getReplaced()).isNull();
        assertThat(critique.getAttempt()).isEqualTo(3);
        assertThat(haiku.asked).isEmpty();
        assertThat(sonnet.asked).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROMPT_TOO_LONG", "PROMPT_REFUSED"})
    void aPromptThatTheJudgeCanNotTakeIsAnAnswerToo(Reason reason) throws Exception {
        gpt.fails(reason, false);

        Critique critique = critique("gpt");

        assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.INVALID);
        assertThat(critique.getReplaced()).isNull();
        assertThat(haiku.asked).isEmpty();
        assertThat(sonnet.asked).isEmpty();
    }

    // ---- everything else is as it was

    @Test
    void whoTakesAPlaceIsToldTheKnownAnswerToo() throws Exception {
        // Given
        gpt.isAway();
        sonnet.isAway();
        CritiqueRequest hinted = builder(sample(0, SEED, "gpt")).setHintScore(4).build();

        // When
        Critique critique = critiques(hinted).getFirst();

        // Then
        assertThat(critique.getHinted()).isTrue();
        assertThat(critique.getReplaced()).isEqualTo("gpt");
        assertThat(haiku.asked.getFirst().prompt().lines().toList().getLast())
                .contains("right score of the response is 4");
    }

    @Test
    void theMetaRmReadsTheTextOfWhoeverWroteItLast() throws Exception {
        // Given
        List<String> read = new ArrayList<>();
        meta = Optional.of(new MetaRm() {
            @Override
            public String model() {
                return "meta-1";
            }

            @Override
            public CompletableFuture<Double> score(Sample sample) {
                read.add(sample.critique());
                return CompletableFuture.completedFuture(1.5);
            }

            @Override
            public void close() {}
        });
        gpt.fails(Reason.JUDGE_ERROR, true);
        haiku.writes("from another: \\boxed{4}");
        sonnet.writes("from another: \\boxed{4}");

        // When
        Critique critique = critique("gpt");

        // Then
        assertThat(critique.getMetaLogit()).isEqualTo(1.5);
        assertThat(read).containsExactly("from another: \\boxed{4}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt", "gemini"})
    void aRequestThatIsGivenUpSaysWhoWasToWriteIt(String name) {
        List<Critique> critiques = new ArrayList<>();

        critic().fail(
                        request(sample(0, SEED, name)),
                        new Delivery(5, "w"),
                        "DELIVERIES_EXHAUSTED",
                        "5 times",
                        critiques::add);

        boolean known = judges.containsKey(name);
        assertThat(critiques.getFirst().getAttempt()).isZero();
        assertThat(critiques.getFirst().getJudgeName()).matches(writer -> known == writer.equals(name));
        assertThat(critiques.getFirst().getReplaced()).isEqualTo(known ? null : name);
    }

    // ---- the pieces

    private Critic critic() {
        if (critic == null) {
            List<Juror> jurors = judges.entrySet().stream()
                    .map(entry -> Juror.of(
                            Optional.of(entry.getKey()),
                            entry.getValue(),
                            Optional.of(
                                    entry.getKey().equals("sonnet")
                                            ? PromptVersion.BRIEF_V1
                                            : PromptVersion.CRITIQUE_V1)))
                    .toList();
            critic = new Critic(
                    CriticConfig.from(Map.of()), new Jury(jurors, PATIENCE, RETRY), meta, meters, now::get, pause -> {
                        pauses.add(pause);
                        now.updateAndGet(before -> before.plus(pause));
                    });
        }
        return critic;
    }

    private Critique critique(String judge) throws Exception {
        return critiques(request(sample(0, SEED, judge))).getFirst();
    }

    private Critique critiqueOf(SampleSpec sample) {
        try {
            return critiques(request(sample)).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<Critique> critiques(CritiqueRequest request) throws Exception {
        List<Critique> critiques = new CopyOnWriteArrayList<>();
        critic().critique(request, new Delivery(1, "worker-1"), critiques::add).get();
        return critiques;
    }

    private double up(String judge) {
        return meters.get("kritik.worker.judge.up").tag("judge", judge).gauge().value();
    }

    private double replaced(String judge, String reason) {
        return meters.get("kritik.worker.replaced")
                .tags("judge", judge, "reason", reason)
                .counter()
                .count();
    }

    private static SampleSpec sample(int number, long seed, String judge) {
        return new SampleSpec(number, seed, List.of(0), judge);
    }

    private CritiqueRequest request(SampleSpec... samples) {
        return builder(samples).build();
    }

    private CritiqueRequest.Builder builder(SampleSpec... samples) {
        return CritiqueRequest.newBuilder()
                .setRequestId("request")
                .setJobId("job")
                .setGroupId("group")
                .setGroupAttempt(1)
                .setPartition(0)
                .setPanel(2)
                .setMessages(List.of(new Message("user", "What is 6 times 7?")))
                .setResponses(List.of(new PanelResponse(0, "42")))
                .setSamples(List.of(samples))
                .setDeadlineMs(now.get().plus(time).toEpochMilli())
                .setCreatedMs(START.toEpochMilli());
    }
}
