/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.kritik.gateway.FakeTopics;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Submissions and questions when instances, clocks and Kafka don't go along. */
class JobsTest {

    private static final long COALESCE_MS = 600_000;
    private static final Memory MEMORY = new Memory(3_600_000, 100, COALESCE_MS);
    private static final long STEP = System.currentTimeMillis() / COALESCE_MS * COALESCE_MS;

    private final FakeTopics topics = new FakeTopics();

    private static Submission group(String id) {
        Rollout rollout = Rollout.newBuilder()
                .setJobId("")
                .setGroupId("")
                .setIndex(0)
                .setGroupSize(1)
                .setMessages(List.of(new Message("user", "2+2?")))
                .setResponse("4")
                .build();
        return new Submission(
                "job",
                Optional.ofNullable(id),
                0,
                1,
                new TreeMap<>(java.util.Map.of(0, rollout)),
                Duration.ofMinutes(10));
    }

    private Jobs at(long nowMs) {
        Ledger ledger = new Ledger(MEMORY);
        return new Jobs(ledger, topics.writer(), topics.reader(ledger), again -> {}, () -> Instant.ofEpochMilli(nowMs));
    }

    private static Outcome join(CompletionStage<Outcome> stage) {
        return stage.toCompletableFuture().join();
    }

    /** The time is part of the name of what has none, in steps. */
    @Test
    void theSameContentAtTwoInstancesOnBothSidesOfAStepIsJudgedOnce() {
        // Given: each reads what the other one writes a moment later
        topics.stopDelivering();
        Jobs before = at(STEP - 1);
        Jobs after = at(STEP + 1);

        // When
        var first = before.judge(group(null), Duration.ofSeconds(20));
        var second = after.judge(group(null), Duration.ofSeconds(20));

        // Then
        assertThat(join(first)).isInstanceOf(Outcome.Ended.class);
        assertThat(join(second)).isEqualTo(join(first));
        assertThat(topics.judged()).hasSize(1);
    }

    @Test
    void whoSendsWhatKafkaDoesNotAcknowledgeIsToldSoWellBeforeTheLimit() {
        // Given: a producer that still tries
        Ledger ledger = new Ledger(MEMORY);
        Jobs jobs = new Jobs(
                ledger,
                (rollouts, trace) -> new CompletableFuture<>(),
                topics.reader(ledger),
                again -> {},
                () -> Instant.ofEpochMilli(STEP),
                Duration.ofMillis(50));

        // When
        Outcome outcome = join(jobs.judge(group("q"), Duration.ofMinutes(10)));

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Unwritten.class,
                        unwritten -> assertThat(unwritten.detail()).contains("not acknowledged"));
        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void whoWaitsForLessThanWritingTakesIsStillToldThatItRuns() {
        // Given
        topics.stopDelivering();
        topics.stopJudging();
        Jobs jobs = at(STEP - 1);

        // When: the wait is over before the rollouts are read back
        var outcome = jobs.submit(group("q"), Duration.ofMillis(1));
        new CompletableFuture<Void>()
                .completeOnTimeout(null, 200, TimeUnit.MILLISECONDS)
                .join();
        boolean early = outcome.toCompletableFuture().isDone();
        topics.deliver();

        // Then
        assertThat(early).isFalse();
        assertThat(join(outcome)).isInstanceOf(Outcome.Running.class);
    }

    @Test
    void whatIsLookedUpAfterAStepCountsTowardsTheLimit() {
        // Given: topics that are not read, just after a step
        Reader silent = new Reader() {
            @Override
            public boolean caughtUp() {
                return true;
            }

            @Override
            public CompletionStage<Void> readUpToNow() {
                return new CompletableFuture<>();
            }
        };
        Jobs jobs = new Jobs(
                new Ledger(MEMORY),
                topics.writer(),
                silent,
                again -> {},
                () -> Instant.ofEpochMilli(STEP + 1),
                Duration.ofSeconds(30));

        // When
        var outcome = jobs.judge(group(null), Duration.ofSeconds(2));

        // Then: the limit, and some for a slow machine; not the limit after half a minute of reading
        assertThat(outcome.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join())
                .isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void anIdIsNotSaidToBeUnknownWhenTheTopicsCanNotBeRead() {
        // Given
        Ledger ledger = new Ledger(MEMORY);
        Reader silent = new Reader() {
            @Override
            public boolean caughtUp() {
                return true;
            }

            @Override
            public CompletionStage<Void> readUpToNow() {
                return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
            }
        };
        Jobs jobs = new Jobs(ledger, topics.writer(), silent, again -> {}, () -> Instant.ofEpochMilli(STEP));

        // When
        var found = jobs.find(new JobId.Group("job", "q"), null, Duration.ZERO);

        // Then
        assertThat(found.toCompletableFuture().join()).containsInstanceOf(Outcome.Unknown.class);
    }
}
