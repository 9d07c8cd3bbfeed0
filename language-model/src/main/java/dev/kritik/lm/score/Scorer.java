/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.score;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.ScorerSettings;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.GenerationException.Reason;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Turns;

/**
 * Scores many texts with one decoder that has a scalar head: those that wait together are computed together, texts of
 * like length side by side, so that little is spent on filling up. Safe for many threads; all computing is on the
 * decoder's thread.
 */
public final class Scorer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scorer.class);

    private final Decoder decoder;
    private final ScorerSettings settings;
    private final InstantSource clock;
    private final Turns<Waiting> turns;

    /** Of the decoder's thread alone; oldest first. */
    private final List<Waiting> waiting = new ArrayList<>();

    /** A text that waits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Waiting(String id, int[] tokens, Instant deadline, CompletableFuture<Float> future, long since) {
        boolean unwanted(Instant now) {
            if (!future.isDone() && !now.isBefore(deadline)) {
                refuse(future, new GenerationException(Reason.DEADLINE, "the deadline of " + id + " passed"));
                return true;
            }
            return future.isDone();
        }
    }

    /** A scorer over a decoder with a scalar head, which it does not close. */
    public Scorer(Decoder decoder, ScorerSettings settings, InstantSource clock) {
        this.decoder = decoder;
        this.settings = settings;
        this.clock = clock;
        this.turns = new Turns<>(decoder.thread(), settings.maxQueue(), this::turn);
    }

    /**
     * Scores a text at its last token.
     *
     * @param id for logs
     * @param tokens at least one; not copied
     * @throws IllegalArgumentException if it is empty, or has tokens that the model doesn't know
     * @return completes with any real number, or exceptionally with a {@link GenerationException}
     */
    public CompletableFuture<Float> score(String id, int[] tokens, Instant deadline) {
        decoder.config().requireTokens(id, tokens);
        CompletableFuture<Float> future = new CompletableFuture<>();
        int context = decoder.config().maxPositions();
        if (tokens.length > context) {
            future.completeExceptionally(new GenerationException(
                    Reason.PROMPT_TOO_LONG,
                    "the text of " + id + " has " + tokens.length + " tokens, and the model's context holds "
                            + context));
        } else if (!turns.offer(new Waiting(id, tokens, deadline, future, System.nanoTime()))) {
            future.completeExceptionally(new GenerationException(
                    Reason.BUSY, "already " + settings.maxQueue() + " texts wait for the model"));
        }
        return future;
    }

    /** Computes one batch; comes back while texts wait. */
    private void turn() {
        turns.takeInto(waiting);
        Instant now = clock.instant();
        int before = waiting.size();
        waiting.removeIf(next -> next.unwanted(now));
        turns.done(before - waiting.size());
        if (waiting.isEmpty()) {
            return;
        }
        long young = settings.gather().toNanos() - (System.nanoTime() - waiting.get(0).since);
        long tokens = waiting.stream().mapToLong(next -> next.tokens.length).sum();
        if (young > 0 && tokens < settings.maxBatchTokens()) {
            turns.againIn(young);
            return;
        }
        List<Waiting> batch = batch();
        waiting.removeAll(batch);
        turns.done(batch.size());
        compute(batch);
        if (!waiting.isEmpty()) {
            turns.again();
        }
    }

    /** The oldest text, and those nearest to its length that fit beside it. */
    private List<Waiting> batch() {
        Waiting oldest = waiting.get(0);
        List<Waiting> nearest = new ArrayList<>(waiting);
        nearest.sort(Comparator.comparingInt(next -> Math.abs(next.tokens.length - oldest.tokens.length)));
        List<Waiting> batch = new ArrayList<>();
        int width = 0;
        for (Waiting next : nearest) {
            int wider = Math.max(width, next.tokens.length);
            if (!batch.isEmpty() && (long) wider * (batch.size() + 1) > settings.maxBatchTokens()) {
                break;
            }
            width = wider;
            batch.add(next);
        }
        return batch;
    }

    private void compute(List<Waiting> batch) {
        try {
            double[] scores =
                    decoder.scores(batch.stream().map(next -> next.tokens).toList());
            for (int i = 0; i < scores.length; i++) {
                Waiting next = batch.get(i);
                float score = (float) scores[i];
                if (Float.isFinite(score)) {
                    // Elsewhere, for what hangs on the future may take its time.
                    Thread.ofVirtual().start(() -> next.future.complete(score));
                } else {
                    refuse(
                            next.future,
                            new GenerationException(
                                    Reason.ENGINE, "the model gave " + score + " as the score of " + next.id));
                }
            }
        } catch (RuntimeException | Error e) { // an Error too must not leave anyone waiting
            LOG.atError().addKeyValue("texts", batch.size()).setCause(e).log("The engine failed");
            GenerationException failure = GenerationException.engineFailed(e);
            batch.forEach(next -> refuse(next.future, failure));
        }
    }

    private static void refuse(CompletableFuture<Float> future, GenerationException why) {
        Thread.ofVirtual().start(() -> future.completeExceptionally(why));
    }

    /** Ends all texts with {@link Reason#CLOSED}; waits for the batch that runs. */
    @Override
    public void close() {
        GenerationException why = new GenerationException(Reason.CLOSED, "the scorer is closed");
        turns.close(next -> refuse(next.future, why), () -> {
            waiting.forEach(next -> refuse(next.future, why));
            waiting.clear();
        });
    }
}
