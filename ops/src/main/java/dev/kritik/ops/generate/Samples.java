/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.Sampling;

/** Several samples of one prompt, asked for at once, and given out in the order in which they end. */
final class Samples {

    /** Whoever waits at a terminal decides; a deadline far ahead is none. */
    private static final Duration FAR = Duration.ofDays(365);

    private final Function<GenerateRequest, CompletableFuture<Generated>> model;
    private final List<CompletableFuture<Generated>> running = new ArrayList<>();
    private boolean cancelled;

    Samples(Function<GenerateRequest, CompletableFuture<Generated>> model) {
        this.model = model;
    }

    /**
     * Writes all samples.
     *
     * @param count how many, at least 1
     * @param seed of the first; the next ones have the next numbers
     * @param onText called with each new piece of text of any sample, on the model's thread
     * @param onSample called with each sample that has ended, on this thread
     * @throws InterruptedException if this thread is interrupted or {@link #cancel} was called; what is not done is
     *     cancelled
     */
    Summary run(
            int[] prompt, Sampling sampling, int count, long seed, Consumer<String> onText, Consumer<Sample> onSample)
            throws InterruptedException {
        long begin = System.nanoTime();
        AtomicLong first = new AtomicLong();
        BlockingQueue<Sample> ended = new LinkedBlockingQueue<>();
        try {
            for (int i = 0; i < count; i++) {
                start(
                        i,
                        new GenerateRequest(
                                "sample " + (i + 1),
                                prompt,
                                sampling,
                                seed + i,
                                Instant.now().plus(FAR),
                                piece -> {
                                    first.compareAndSet(0, System.nanoTime());
                                    onText.accept(piece);
                                }),
                        ended);
            }
            List<Sample> all = new ArrayList<>();
            while (all.size() < count) {
                Sample sample = ended.take();
                if (cancelled()) {
                    throw new InterruptedException("cancelled");
                }
                all.add(sample);
                onSample.accept(sample);
            }
            long end = System.nanoTime();
            // A text may end without a piece: an end token at once. Then the first token is the last.
            long firstAt = first.get() == 0 ? end : first.get();
            return Summary.of(all, seed, (firstAt - begin) / 1e9, (end - begin) / 1e9);
        } finally {
            cancel();
        }
    }

    private synchronized void start(int number, GenerateRequest request, BlockingQueue<Sample> ended)
            throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException("cancelled");
        }
        CompletableFuture<Generated> text = ask(request);
        running.add(text);
        var unused = text.whenComplete((generated, failure) ->
                ended.add(new Sample(number, request.seed(), generated, failure == null ? null : known(failure))));
    }

    private CompletableFuture<Generated> ask(GenerateRequest request) {
        try {
            return model.apply(request);
        } catch (GenerationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized boolean cancelled() {
        return cancelled;
    }

    /** Ends what is not done; from any thread. */
    synchronized void cancel() {
        cancelled = true;
        running.forEach(text -> text.cancel(true)); // no effect on what is done
    }

    private static GenerationException known(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof GenerationException generation
                ? generation
                : new GenerationException(GenerationException.Reason.ENGINE, String.valueOf(cause), cause);
    }
}
