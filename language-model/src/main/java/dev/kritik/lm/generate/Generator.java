/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.generate.GenerationException.Reason;
import dev.kritik.lm.text.TextStream;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Decoder.Batch;
import dev.kritik.lm.torch.OnThread;
import dev.kritik.lm.torch.Turns;

/**
 * Writes many texts at once with one decoder (continuous batching): in each step all running texts take one token
 * together, and one that ends makes room for one that waits. What prompts begin with alike is computed once and read
 * together (prefix sharing). New prompts are computed in chunks between the steps, so that running texts go on.
 *
 * <p>The same seed, prompt and sampling give the same text, whatever runs beside it, up to rounding: a matrix product
 * over more rows may differ in its last bit, and where two tokens are equally likely to that bit, texts part.
 *
 * <p>Safe for many threads. All computing is on the decoder's thread.
 */
public final class Generator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Generator.class);
    /** How many waiting prompts are looked at for company. */
    private static final int LOOKED_AT = 256;

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Set<Integer> endTokens;
    private final GeneratorSettings settings;
    private final InstantSource clock;
    private final Cache cache;
    private final long cacheTokens;
    private final Turns<Waiting> turns;

    // Of the decoder's thread alone.
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int running;

    /** A request that has no row yet. */
    private record Waiting(GenerateRequest request, CompletableFuture<Generated> future, long since) {}

    /**
     * A generator over a decoder, which it does not close.
     *
     * @param endTokens tokens that end a text
     */
    public Generator(
            Decoder decoder,
            Tokenizer tokenizer,
            List<Integer> endTokens,
            GeneratorSettings settings,
            InstantSource clock) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.endTokens = new HashSet<>(endTokens);
        this.settings = settings;
        this.clock = clock;
        this.cacheTokens = CacheSize.tokens(decoder, settings);
        this.cache = new Cache(decoder, cacheTokens);
        this.turns = new Turns<>(decoder.thread(), settings.maxQueue(), this::turn);
    }

    /** Most tokens of a prompt and its text together: the model's context, or what caches hold. */
    public int longest() {
        return (int) Math.min(decoder.config().maxPositions(), cacheTokens);
    }

    /**
     * Asks for a text.
     *
     * @return completes with the text, or exceptionally with a {@link GenerationException}. Cancelling it frees its row
     *     before the next step.
     * @throws IllegalArgumentException if the prompt is empty, or has tokens that the model doesn't know
     */
    public CompletableFuture<Generated> generate(GenerateRequest request) {
        int length = request.prompt().length;
        decoder.config().requireTokens(request.id(), request.prompt());
        CompletableFuture<Generated> future = new CompletableFuture<>();
        if (length >= longest()) {
            future.completeExceptionally(new GenerationException(
                    Reason.PROMPT_TOO_LONG,
                    "the prompt of " + request.id() + " has " + length + " tokens, and there is room for "
                            + (longest() - 1) + " ("
                            + (longest() == cacheTokens ? "in the caches" : "in the model's context") + ")"));
        } else if (!turns.offer(new Waiting(request, future, System.nanoTime()))) {
            future.completeExceptionally(new GenerationException(
                    Reason.BUSY, "already " + settings.maxQueue() + " requests wait for the model"));
        }
        return future;
    }

    /** One turn of the loop: at most one chunk of prompts and one step. Comes back while there is something to do. */
    private void turn() {
        long wait = 0;
        try {
            turns.takeInto(waiting);
            sweep();
            wait = admit();
            fill();
            step();
            cache.tidy();
        } catch (RuntimeException | Error e) { // an Error too must not leave anyone waiting
            fail(e);
        }
        if (running > 0 || (!waiting.isEmpty() && wait == 0)) {
            turns.again();
        } else if (wait > 0) {
            turns.againIn(wait);
        }
    }

    /** Lets go of what nobody wants any more. */
    private void sweep() {
        Instant now = clock.instant();
        Iterator<Waiting> each = waiting.iterator();
        while (each.hasNext()) {
            Waiting next = each.next();
            if (unwanted(next.request, next.future, now)) {
                each.remove();
                turns.done(1);
            }
        }
        for (Group group : List.copyOf(cache.groups())) {
            for (Row row : List.copyOf(group.rows)) {
                if (unwanted(row.request, row.future, now)) {
                    leave(row);
                }
            }
        }
        cache.tidy();
    }

    private boolean unwanted(GenerateRequest request, CompletableFuture<Generated> future, Instant now) {
        if (future.isDone()) {
            return true;
        }
        if (now.isBefore(request.deadline())) {
            return false;
        }
        refuse(future, new GenerationException(Reason.DEADLINE, "the deadline of " + request.id() + " passed"));
        return true;
    }

    /** Gives rows to those that wait; returns nanoseconds until it is worth another look, 0: when something has changed. */
    private long admit() {
        while (!waiting.isEmpty() && running < settings.maxRows()) {
            Waiting first = waiting.peekFirst();
            long young = settings.gather().toNanos() - (System.nanoTime() - first.since);
            if (young > 0 && waiting.size() < settings.maxRows() - running) {
                return young;
            }
            if (!admit(first)) {
                return 0;
            }
        }
        return 0;
    }

    /** Admits a request, and those that begin like it; false: there is no room for it now. */
    private boolean admit(Waiting first) {
        List<Waiting> others = waiting.stream().skip(1).limit(LOOKED_AT).toList();
        int[] prompt = first.request.prompt();
        Prefixes.Choice choice = Prefixes.choose(
                prompt, others.stream().map(other -> other.request.prompt()).toList());
        Optional<Segment> there = cache.longest(prompt).filter(segment -> segment.tokens.length >= choice.saved());
        Row row = row(first);
        Segment segment = there.orElse(null);
        if (there.isPresent() || choice.shared() == 0) {
            if (!cache.makeRoom(row, segment)) {
                return false;
            }
        } else {
            if (!cache.makeRoomWithSegment(row)) {
                return false;
            }
            try {
                segment = cache.addSegment(prompt, choice.shared());
            } catch (RuntimeException e) { // no memory for it: then not again and again
                waiting.remove(first);
                turns.done(1);
                refuse(first.future, GenerationException.engineFailed(e));
                throw e;
            }
        }
        start(first, row, segment);
        for (Waiting other : others) {
            if (running == settings.maxRows()) {
                break;
            }
            if (segment != null && segment.begins(other.request.prompt())) {
                Row next = row(other);
                if (!cache.makeRoom(next, segment)) {
                    break;
                }
                start(other, next, segment);
            }
        }
        return true;
    }

    private Row row(Waiting next) {
        GenerateRequest request = next.request;
        int most = Math.min(request.sampling().maxTokens(), longest() - request.prompt().length);
        TextStream text = new TextStream(tokenizer, request.sampling().stop());
        return new Row(cache.newId(), request, next.future, text, most);
    }

    private void start(Waiting next, Row row, Segment segment) {
        waiting.remove(next);
        turns.done(1);
        row.shared = segment == null ? 0 : segment.tokens.length;
        cache.join(row, segment);
        running++;
    }

    /** Computes at most one chunk of prompts, then draws the first token of those that are complete. */
    private void fill() {
        int left = settings.prefillChunk();
        while (left > 0) {
            int done = fillNext(left);
            if (done == 0) {
                break;
            }
            left -= done;
        }
        List<Row> complete = new ArrayList<>();
        for (Group group : cache.groups()) {
            List<Row> filled = group.filled();
            group.active += filled.size();
            complete.addAll(filled);
        }
        if (complete.isEmpty()) {
            return;
        }
        long[] keys = complete.stream().mapToLong(Generator::key).toArray();
        double[] drawn = decoder.first(keys, Drawing.of(complete));
        complete.stream().filter(row -> key(row) == row.id).forEach(row -> decoder.dropLogits(row.id));
        take(complete, drawn);
    }

    /** Where the logits behind a prompt are kept. */
    private static long key(Row row) {
        Group group = row.group;
        return group.shared() == row.request.prompt().length ? group.segment.id : row.id;
    }

    /** Goes on with the prompt that has waited longest; returns how many tokens of it were computed. */
    private int fillNext(int left) {
        Optional<Segment> segment =
                cache.segments().stream().filter(next -> !next.ready()).min(Comparator.comparingLong(next -> next.id));
        Optional<Row> row = cache.groups().stream()
                .map(Group::filling)
                .filter(Objects::nonNull)
                .min(Comparator.comparingLong(next -> next.id));
        if (segment.isPresent() && (row.isEmpty() || segment.get().id < row.get().id)) {
            return fillSegment(segment.get(), left);
        }
        return row.isPresent() ? fillRow(row.get(), left) : 0;
    }

    private int fillSegment(Segment segment, int left) {
        int from = segment.filled;
        int to = Math.min(segment.tokens.length, from + left);
        boolean last = to == segment.tokens.length;
        decoder.fillSegment(segment.id, segment.tokens, from, to, last ? segment.id : -1);
        segment.filled = to;
        return to - from;
    }

    private int fillRow(Row row, int left) {
        Group group = row.group;
        cache.grow(group);
        int[] prompt = row.request.prompt();
        int from = row.filled;
        int to = Math.min(prompt.length, from + left);
        long key = to == prompt.length ? row.id : -1;
        long segment = group.segment == null ? -1 : group.segment.id;
        decoder.fillRow(group.id, group.rows.indexOf(row), segment, group.shared(), prompt, from, to, key);
        row.filled = to;
        return to - from;
    }

    /** All running texts take a token. */
    private void step() {
        List<Group> groups =
                cache.groups().stream().filter(group -> group.active > 0).toList();
        if (groups.isEmpty()) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        for (Group group : groups) {
            cache.grow(group);
            rows.addAll(group.rows.subList(0, group.active));
        }
        Batch batch = new Batch(
                groups.stream().mapToLong(group -> group.id).toArray(),
                groups.stream().mapToLong(group -> group.active).toArray(),
                groups.stream()
                        .mapToLong(group -> group.segment == null ? -1 : group.segment.id)
                        .toArray(),
                groups.stream().mapToLong(Group::shared).toArray(),
                rows.stream().mapToLong(Row::newest).toArray(),
                rows.stream().mapToLong(Row::own).toArray());
        take(rows, decoder.step(batch, Drawing.of(rows)));
    }

    /** First all rows take their tokens, for a row that leaves moves others, with everything that they hold by then. */
    private void take(List<Row> rows, double[] drawn) {
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).add((int) drawn[i], (float) drawn[rows.size() + i]);
        }
        rows.forEach(this::look);
    }

    private void look(Row row) {
        if (Float.isNaN(row.newestLogProb())) {
            drop(row, "the model gave values that are not numbers for " + row.request.id());
            return;
        }
        try {
            if (endTokens.contains(row.newest())) {
                finish(row, Finish.STOP);
                return;
            }
            say(row, row.text.push(row.newest()));
            if (row.text.stopped()) {
                finish(row, Finish.STOP);
            } else if (row.count() == row.most) {
                finish(row, Finish.LENGTH);
            }
        } catch (RuntimeException e) { // of the tokenizer: no reason to end the others too
            LOG.atWarn().addKeyValue("id", row.request.id()).setCause(e).log("Tokens can't be read as text");
            drop(row, "the tokens of " + row.request.id() + " can't be read as text: " + e.getMessage());
        }
    }

    /** Gives one text up; without a cause, which says that the engine itself failed. */
    private void drop(Row row, String why) {
        refuse(row.future, new GenerationException(Reason.ENGINE, why));
        leave(row);
    }

    private void finish(Row row, Finish finish) {
        say(row, row.text.finish());
        Generated generated = row.generated(finish);
        leave(row);
        // Elsewhere, for what hangs on the future may take its time.
        Thread.ofVirtual().start(() -> row.future.complete(generated));
    }

    private void leave(Row row) {
        cache.leave(row);
        running--;
    }

    private static void say(Row row, String piece) {
        if (piece.isEmpty()) {
            return;
        }
        try {
            row.request.onText().accept(piece);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("id", row.request.id()).setCause(e).log("A listener for text failed");
        }
    }

    /** After a failure of the engine nobody knows what its memory holds: all that was begun fails, what waits goes on. */
    private void fail(Throwable e) {
        LOG.atError().addKeyValue("rows", running).setCause(e).log("The engine failed");
        GenerationException failure = GenerationException.engineFailed(e);
        cache.groups().forEach(group -> group.rows.forEach(row -> refuse(row.future, failure)));
        running = 0;
        try {
            cache.clear();
        } catch (RuntimeException more) {
            LOG.atError().setCause(more).log("The engine's memory can't be cleared");
        }
    }

    /**
     * Changes the decoder while nothing is written, and forgets what was computed with it.
     *
     * @throws IllegalStateException while texts are being written
     */
    public void whileIdle(Runnable change) {
        OnThread.call(decoder.thread(), () -> {
            sweep();
            if (running > 0) {
                throw new IllegalStateException(running + " texts are being written: wait for them, or cancel them");
            }
            cache.clear();
            change.run();
            return null;
        });
    }

    private static void refuse(CompletableFuture<Generated> future, GenerationException why) {
        Thread.ofVirtual().start(() -> future.completeExceptionally(why));
    }

    /** Ends all texts with {@link Reason#CLOSED}; waits for the step that runs, so not from {@code onText}. */
    @Override
    public void close() {
        GenerationException why = new GenerationException(Reason.CLOSED, "the generator is closed");
        turns.close(next -> refuse(next.future, why), () -> {
            waiting.forEach(next -> refuse(next.future, why));
            waiting.clear();
            cache.groups().forEach(group -> group.rows.forEach(row -> refuse(row.future, why)));
            cache.clear();
        });
    }

    /** For tests: tokens of segments that are kept, and rows. */
    Held held() {
        return OnThread.call(
                decoder.thread(),
                () -> new Held(
                        running,
                        cache.groups().size(),
                        cache.segments().stream()
                                .mapToInt(segment -> segment.tokens.length)
                                .sum()));
    }

    /** What a generator holds. */
    record Held(int rows, int groups, int segmentTokens) {}
}
