/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.generate.GenerationException.Reason;
import dev.kritik.lm.text.TextStream;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Decoder.Batch;
import dev.kritik.lm.torch.OnThread;

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
    private final int context;

    private final ConcurrentLinkedQueue<Waiting> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean closed;

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
        this.context = decoder.config().maxPositions();
        this.cacheTokens = settings.cacheTokens() == 0 ? (long) settings.maxRows() * context : settings.cacheTokens();
        this.cache = new Cache(decoder, cacheTokens);
    }

    /**
     * Asks for a text.
     *
     * @return completes with the text, or exceptionally with a {@link GenerationException}. Cancelling it frees its row
     *     before the next step.
     */
    public CompletableFuture<Generated> generate(GenerateRequest request) {
        CompletableFuture<Generated> future = new CompletableFuture<>();
        int length = request.prompt().length;
        long room = Math.min(context, cacheTokens);
        if (length >= room) {
            future.completeExceptionally(new GenerationException(
                    Reason.PROMPT_TOO_LONG,
                    "the prompt of " + request.id() + " has " + length + " tokens, and there is room for " + (room - 1)
                            + " (" + (room == context ? "the model's context" : "cache tokens") + ")"));
            return future;
        }
        if (length == 0) {
            future.completeExceptionally(new IllegalArgumentException("the prompt of " + request.id() + " is empty"));
            return future;
        }
        if (queued.incrementAndGet() > settings.maxQueue()) {
            queued.decrementAndGet();
            future.completeExceptionally(new GenerationException(
                    Reason.ENGINE, "already " + settings.maxQueue() + " requests wait for the model"));
            return future;
        }
        arrivals.add(new Waiting(request, future, System.nanoTime()));
        if (closed) {
            failArrivals();
        } else {
            wake();
        }
        return future;
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            try {
                decoder.thread().execute(this::turn);
            } catch (RejectedExecutionException e) { // the process ends
                failArrivals();
            }
        }
    }

    /** One turn of the loop: at most one chunk of prompts and one step. Comes back while there is something to do. */
    private void turn() {
        awake.set(false);
        if (closed) {
            return;
        }
        long wait;
        try {
            takeArrivals();
            sweep();
            wait = admit();
            fill();
            step();
        } catch (RuntimeException e) {
            fail(e);
            wait = 0;
        }
        if (running > 0 || (!waiting.isEmpty() && wait == 0)) {
            wake();
        } else if (wait > 0) {
            var unused = decoder.thread().schedule(this::wake, wait, TimeUnit.NANOSECONDS);
        }
    }

    private void takeArrivals() {
        Waiting arrival = arrivals.poll();
        while (arrival != null) {
            waiting.add(arrival);
            arrival = arrivals.poll();
        }
    }

    /** Lets go of what nobody wants any more. */
    private void sweep() {
        Iterator<Waiting> each = waiting.iterator();
        while (each.hasNext()) {
            Waiting next = each.next();
            if (unwanted(next.request, next.future)) {
                each.remove();
                queued.decrementAndGet();
            }
        }
        for (Group group : List.copyOf(cache.groups())) {
            for (Row row : List.copyOf(group.rows)) {
                if (unwanted(row.request, row.future)) {
                    leave(row);
                }
            }
        }
        cache.dropUnfinished();
    }

    private boolean unwanted(GenerateRequest request, CompletableFuture<Generated> future) {
        if (future.isDone()) {
            return true;
        }
        if (clock.instant().isBefore(request.deadline())) {
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
        Optional<Segment> there = cache.longest(prompt);
        List<Waiting> company = new ArrayList<>();
        Segment segment = null;
        boolean fresh = false;
        if (there.isPresent() && there.get().tokens.length >= worth(choice)) {
            segment = there.get();
            Segment found = segment;
            others.stream()
                    .filter(other -> found.begins(other.request.prompt()))
                    .forEach(company::add);
        } else if (choice.shared() > 0) {
            choice.others().forEach(index -> company.add(others.get(index)));
            fresh = true;
        }
        int shared = segment != null ? segment.tokens.length : choice.shared();
        if (!cache.makeRoom((fresh ? shared : 0) + need(first.request, shared), segment)) {
            return false;
        }
        if (fresh) {
            segment = cache.addSegment(prompt, shared);
        }
        start(first, segment, shared);
        for (Waiting member : company) {
            if (running == settings.maxRows() || !cache.makeRoom(need(member.request, shared), segment)) {
                break;
            }
            start(member, segment, shared);
        }
        return true;
    }

    /** Tokens that are saved for each text, with the best company among those that wait. */
    private static double worth(Prefixes.Choice choice) {
        int with = choice.others().size();
        return (double) choice.shared() * with / (with + 1);
    }

    private long need(GenerateRequest request, int shared) {
        return (long) request.prompt().length - shared + most(request);
    }

    private int most(GenerateRequest request) {
        long room = Math.min(context, cacheTokens) - request.prompt().length;
        return (int) Math.min(request.sampling().maxTokens(), room);
    }

    private void start(Waiting member, Segment segment, int shared) {
        waiting.remove(member);
        queued.decrementAndGet();
        GenerateRequest request = member.request;
        TextStream text = new TextStream(tokenizer, request.sampling().stop());
        Row row = new Row(cache.newId(), request, member.future, text, most(request));
        row.shared = segment == null ? 0 : shared;
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

    private int fillNext(int left) {
        for (Segment segment : cache.segments()) {
            if (!segment.ready()) {
                int to = Math.min(segment.tokens.length, segment.filled + left);
                boolean last = to == segment.tokens.length;
                decoder.fillSegment(segment.id, segment.tokens, segment.filled, to, last ? segment.id : -1);
                int done = to - segment.filled;
                segment.filled = to;
                return done;
            }
        }
        for (Group group : cache.groups()) {
            Row row = group.filling();
            if (row != null) {
                cache.grow(group);
                int[] prompt = row.request.prompt();
                int to = Math.min(prompt.length, row.filled + left);
                long key = to == prompt.length ? row.id : -1;
                long segment = group.segment == null ? -1 : group.segment.id;
                int place = group.rows.indexOf(row);
                decoder.fillRow(group.id, place, segment, group.shared(), prompt, row.filled, to, key);
                int done = to - row.filled;
                row.filled = to;
                return done;
            }
        }
        return 0;
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
            refuse(
                    row.future,
                    new GenerationException(
                            Reason.ENGINE, "the model gave values that are not numbers for " + row.request.id()));
            leave(row);
            return;
        }
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
    private void fail(RuntimeException e) {
        LOG.atError().addKeyValue("rows", running).setCause(e).log("The engine failed");
        GenerationException failure = new GenerationException(
                Reason.ENGINE,
                "the engine failed: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                e);
        cache.groups().forEach(group -> group.rows.forEach(row -> refuse(row.future, failure)));
        running = 0;
        cache.clear();
    }

    private static void refuse(CompletableFuture<Generated> future, GenerationException why) {
        Thread.ofVirtual().start(() -> future.completeExceptionally(why));
    }

    private void failArrivals() {
        Waiting arrival = arrivals.poll();
        while (arrival != null) {
            queued.decrementAndGet();
            refuse(arrival.future, new GenerationException(Reason.CLOSED, "the generator is closed"));
            arrival = arrivals.poll();
        }
    }

    /** Ends all texts with {@link Reason#CLOSED}; waits for the step that runs. */
    @Override
    public void close() {
        closed = true;
        OnThread.call(decoder.thread(), () -> {
            takeArrivals();
            GenerationException why = new GenerationException(Reason.CLOSED, "the generator is closed");
            waiting.forEach(next -> refuse(next.future, why));
            waiting.clear();
            cache.groups().forEach(group -> group.rows.forEach(row -> refuse(row.future, why)));
            cache.clear();
            return null;
        });
    }

    /** For tests: rows, segments and groups that are there. */
    int held() {
        return OnThread.call(
                decoder.thread(),
                () -> running + cache.groups().size() + cache.segments().size());
    }
}
