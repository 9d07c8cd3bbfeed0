/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kritik.schema.Rollout;

/** Has submissions judged, and waits for judgements, without a thread for each. Safe for use by many threads. */
public final class Jobs {

    /** How long a caller waits at most to hear that rollouts are written, or an id is unknown. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long a caller who waits for a judgement is kept at least, to hear that rollouts are written. */
    private static final Duration ACCEPTANCE = Duration.ofSeconds(5);

    /** How long what other instances write takes to stand on the topic, unless Kafka is slow. */
    private static final long SETTLED_MS = 500;

    private final Ledger ledger;
    private final Writer writer;
    private final Reader reader;
    private final JobMetrics metrics;
    private final InstantSource clock;
    private final Duration patience;

    public Jobs(Ledger ledger, Writer writer, Reader reader, JobMetrics metrics, InstantSource clock) {
        this(ledger, writer, reader, metrics, clock, PATIENCE);
    }

    Jobs(Ledger ledger, Writer writer, Reader reader, JobMetrics metrics, InstantSource clock, Duration patience) {
        this.ledger = ledger;
        this.writer = writer;
        this.reader = reader;
        this.metrics = metrics;
        this.clock = clock;
        this.patience = patience;
    }

    /** Whether this instance knows what is running. Until then nothing may be asked. */
    public boolean ready() {
        return reader.caughtUp();
    }

    /**
     * Has members judged and waits until they stand on the topic, however short the wait is.
     *
     * @param wait how long to wait for the judgement, too; may be zero
     */
    public CompletionStage<Outcome> submit(Submission submission, Duration wait) {
        Duration least = wait.isZero() ? patience : ACCEPTANCE;
        return submit(submission, wait, least.compareTo(wait) > 0 ? least : wait);
    }

    /** Has members judged and waits for the judgement; no longer, whatever happens. */
    public CompletionStage<Outcome> judge(Submission submission, Duration atMost) {
        return submit(submission, atMost, atMost);
    }

    private CompletionStage<Outcome> submit(Submission submission, Duration wait, Duration atMost) {
        if (!ledger.namedAnew(submission, clock.millis())) {
            return send(submission, wait, atMost);
        }
        long begun = System.nanoTime();
        Duration half = atMost.dividedBy(2);
        Duration reading = half.compareTo(patience) < 0 ? half : patience;
        return new CompletableFuture<Void>()
                .completeOnTimeout(null, SETTLED_MS, TimeUnit.MILLISECONDS)
                .thenCompose(nothing -> upToDate(reading))
                .thenCompose(read -> {
                    Duration spent = Duration.ofNanos(System.nanoTime() - begun);
                    return send(submission, left(wait, spent), left(atMost, spent));
                });
    }

    private static Duration left(Duration all, Duration spent) {
        return spent.compareTo(all) < 0 ? all.minus(spent) : Duration.ZERO;
    }

    private CompletionStage<Outcome> send(Submission submission, Duration wait, Duration atMost) {
        long now = clock.millis();
        Ledger.Ticket ticket = ledger.submit(submission, !wait.isZero(), now);
        if (!ticket.toWrite().isEmpty()) {
            metrics.submitted(false);
            write(ticket, submission, now + submission.timeout().toMillis());
        } else if (!ticket.waiter().isRefused()) {
            metrics.submitted(true);
        }
        if (!wait.isZero() && wait.compareTo(atMost) < 0) {
            settleAfter(wait, ticket.waiter());
        }
        return inTime(ticket.waiter(), atMost);
    }

    private void settleAfter(Duration wait, Waiter waiter) {
        var timer = new CompletableFuture<Void>().completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS);
        var settled = timer.thenRun(() -> ledger.settle(waiter));
        var unused = waiter.future().whenComplete((outcome, failure) -> settled.cancel(timer.cancel(false)));
    }

    private void write(Ledger.Ticket ticket, Submission submission, long deadlineMs) {
        Waiter waiter = ticket.waiter();
        List<Map.Entry<Rollout, MemberMark>> rollouts = ticket.toWrite().stream()
                .map(index ->
                        submission.written(waiter.id(), index, waiter.expected().get(index), deadlineMs))
                .toList();
        var unused = inTime(writer.write(rollouts, submission.trace()), patience)
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        boolean tooLarge = cause instanceof Writer.Refused refused && refused.tooLarge();
                        String why = cause instanceof TimeoutException
                                ? "Kafka has not acknowledged them within " + patience.toSeconds() + " s"
                                : cause.getMessage();
                        ledger.unwritten(ticket, "the rollouts could not be written: " + why, tooLarge);
                    }
                });
    }

    /**
     * What became of a job.
     *
     * @param attempt null for the newest attempt that is known
     * @param atMost how long to wait for the judgement; zero for an answer at once
     * @return empty if no job of this name is known, here or anywhere
     */
    public CompletionStage<Optional<Outcome>> find(JobId.Group group, Integer attempt, Duration atMost) {
        boolean wait = !atMost.isZero();
        Optional<Waiter> known = ledger.watch(group, attempt, wait);
        if (known.isPresent()) {
            return inTime(known.get(), atMost).thenApply(Optional::of);
        }
        // Another instance may have written it a moment ago.
        return upToDate(patience).thenCompose(read -> {
            Optional<Waiter> found = ledger.watch(group, attempt, wait);
            if (found.isPresent()) {
                return inTime(found.get(), atMost).thenApply(Optional::of);
            }
            var unsure = new Outcome.Unknown(new JobId(group.jobId(), group.groupId(), attempt == null ? 0 : attempt));
            return CompletableFuture.completedFuture(read ? Optional.empty() : Optional.of(unsure));
        });
    }

    /** Completes when all has been read that was written by now, with true; or with false if that can't be known. */
    private CompletableFuture<Boolean> upToDate(Duration atMost) {
        return inTime(reader.readUpToNow(), atMost).handle((nothing, failure) -> failure == null);
    }

    private static CompletableFuture<Void> inTime(CompletionStage<Void> stage, Duration atMost) {
        return stage.toCompletableFuture().copy().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Outcome> inTime(Waiter waiter, Duration atMost) {
        Outcome over = new Outcome.Unknown(waiter.id());
        var unused = waiter.future().completeOnTimeout(over, atMost.toMillis(), TimeUnit.MILLISECONDS);
        // Nobody else has this very object: the time is over.
        return waiter.answer().thenApply(outcome -> isSame(outcome, over) ? ledger.overtime(waiter) : outcome);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Outcome one, Outcome other) {
        return one == other;
    }
}
