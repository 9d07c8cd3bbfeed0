/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.kritik.ops.judge.Faults.Fault;
import dev.kritik.ops.judge.Recording.Answer;
import dev.kritik.ops.judge.Recording.Question;

/**
 * An OpenAI-compatible model server without a model: it answers from a {@link Recording}, as slowly and as unreliably as
 * it is told to. A stand-in for tests, demonstrations and measurements, which it says in every answer.
 *
 * <p>Serves {@code POST /v1/chat/completions}, {@code POST /classify} (recorded Meta RM), {@code GET /v1/models},
 * {@code GET /health} and {@code GET /stats}. All chance follows from the seed, the request's {@code X-Request-Id} and
 * how often that id has met a fault: a run can be repeated whatever the order of the requests, and a request that is sent
 * again after a fault gets a new chance.
 */
public final class RecordedJudge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedJudge.class);

    private static final int MAX_BODY_BYTES = 64 << 20;

    private static final int BACKLOG = 1024;

    static {
        // The JDK's server reads these once, when its first instance is made. Answers must not wait for the client's
        // delayed acknowledgement (40 ms), and a worker's idle connections must outlive a pause.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private record Mood(Latency latency, Faults faults) {}

    private final JudgeOptions options;
    private volatile Mood mood;
    private final Consumer<Visit> visits;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Gate gate;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    /** How often each request has met a fault so far; an id leaves when its request gets through. */
    private final ConcurrentMap<String, Integer> faulted = new ConcurrentHashMap<>();

    private RecordedJudge(JudgeOptions options, Consumer<Visit> visits) throws IOException {
        this.options = options;
        this.mood = new Mood(options.latency(), options.faults());
        this.visits = visits;
        this.gate = new Gate(options.capacity(), options.queueLimit());
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
        server = HttpServer.create(new InetSocketAddress(options.host(), options.port()), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
    }

    /**
     * Starts a judge.
     *
     * @throws IOException if the port can't be had
     */
    public static RecordedJudge start(JudgeOptions options) throws IOException {
        return start(options, visit -> {});
    }

    /**
     * The same, with somebody who is told of each request that had a place in service, when it has left.
     *
     * @param visits called by many threads; must return at once
     */
    public static RecordedJudge start(JudgeOptions options, Consumer<Visit> visits) throws IOException {
        RecordedJudge judge = new RecordedJudge(options, visits);
        judge.server.start();
        return judge;
    }

    /** Where it listens, without a path: {@code http://127.0.0.1:PORT}. */
    public URI url() {
        return URI.create("http://" + options.host() + ":" + server.getAddress().getPort());
    }

    /**
     * Answers otherwise from now on; requests in service end as they began. May be called from any thread.
     *
     * @param latency time that an answer takes
     * @param faults how often it fails on purpose
     */
    public void change(Latency latency, Faults faults) {
        mood = new Mood(latency, faults);
    }

    /** Answers again as it was told at its start. */
    public void restore() {
        change(options.latency(), options.faults());
    }

    /** What it answers from, in a few words. */
    String about() {
        return options.recording().about();
    }

    /** What it has done so far. */
    public Stats stats() {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        long requests = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Stats(requests, counts, gate.inService(), gate.mostInService(), gate.waiting());
    }

    /** Stops at once; requests in service and hanging ones lose their connections. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        long arrived = System.nanoTime();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /health" -> send(exchange, 200, Wire.health(options.recording()));
                case "GET /stats" -> send(exchange, 200, Wire.stats(stats()));
                case "GET /v1/models" -> send(exchange, 200, Wire.models(options.recording()));
                case "POST /v1/chat/completions" -> judge(exchange, body, false, arrived);
                case "POST /classify" -> judge(exchange, body, true, arrived);
                default ->
                    fail(
                            exchange,
                            404,
                            "a recorded judge serves POST /v1/chat/completions, POST /classify, GET /v1/models, GET"
                                    + " /health and GET /stats");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("request failed");
            throw e;
        }
    }

    private void judge(HttpExchange exchange, byte[] body, boolean meta, long arrived)
            throws IOException, InterruptedException {
        String header = exchange.getRequestHeaders().getFirst("X-Request-Id");
        Question question;
        try {
            if (body.length > MAX_BODY_BYTES) {
                throw new IllegalArgumentException("the request is larger than " + MAX_BODY_BYTES + " bytes");
            }
            question = Wire.question(body, SampleId.parse(header).orElse(null));
        } catch (IOException | IllegalArgumentException e) {
            count(Outcome.BAD_REQUEST);
            fail(exchange, 400, "this request can't be used: " + e.getMessage());
            return;
        }
        String id = (meta ? "meta " : "")
                + (header == null ? question.seed() + " " + question.prompt().hashCode() : header);
        int arrival = faulted.getOrDefault(id, 0);
        Draws draws = Draws.of(options.seed(), id, arrival);
        Mood now = mood;
        Fault fault = now.faults().pick(draws.uniform(2));
        if (fault == null) {
            faulted.remove(id);
        } else {
            faulted.put(id, arrival + 1);
        }
        respond(exchange, question, meta, draws, fault, now.latency(), id, arrived);
    }

    /** Counts the outcome before anything is sent: who has an answer finds it counted. */
    private void respond(
            HttpExchange exchange,
            Question question,
            boolean meta,
            Draws draws,
            Fault fault,
            Latency latency,
            String id,
            long arrived)
            throws IOException, InterruptedException {
        if (fault == Fault.RATE_LIMITED) {
            count(Outcome.RATE_LIMITED);
            busy(exchange, "on purpose");
        } else if (fault == Fault.DROPPED) {
            // Nothing was sent yet: the end of the exchange closes the connection.
            count(Outcome.DROPPED);
        } else if (fault == Fault.HANG) {
            // Holds no place in service, since nobody would free it: the server does not see a client leave.
            count(Outcome.HANG);
            closed.await();
        } else if (!gate.enter()) {
            count(Outcome.QUEUE_FULL);
            busy(exchange, "too many requests wait");
        } else {
            long begun = System.nanoTime();
            Outcome outcome = Outcome.DROPPED; // unless it gets as far as an answer
            try {
                TimeUnit.NANOSECONDS.sleep((long) (latency.millis(draws) * 1e6));
                outcome = answer(exchange, question, meta, draws, fault);
            } finally {
                long left = System.nanoTime();
                gate.leave();
                visits.accept(new Visit(id, arrived, begun, left, outcome));
            }
        }
    }

    private Outcome answer(HttpExchange exchange, Question question, boolean meta, Draws draws, Fault fault)
            throws IOException {
        if (fault == Fault.SERVER_ERROR) {
            count(Outcome.SERVER_ERROR);
            fail(exchange, 500, "on purpose");
            return Outcome.SERVER_ERROR;
        }
        Answer answer =
                meta ? options.recording().logit(question) : options.recording().critique(question);
        Outcome outcome = outcome(answer, fault);
        count(outcome);
        switch (answer) {
            case Recording.Refusal refusal -> fail(exchange, refusal.status(), refusal.message());
            case Recording.Logit logit -> send(exchange, 200, Wire.classification(question.model(), logit.value()));
            case Recording.Text text -> {
                Recording.Text sent = outcome == Outcome.TRUNCATED
                        ? Spoiled.truncated(text)
                        : outcome == Outcome.UNPARSABLE ? Spoiled.unparsable(text, draws.uniform(3)) : text;
                send(exchange, 200, Wire.chat(question.model(), sent));
            }
        }
        return outcome;
    }

    private static Outcome outcome(Answer answer, Fault fault) {
        return switch (answer) {
            case Recording.Refusal refusal -> Outcome.REFUSED;
            case Recording.Logit logit -> Outcome.LOGIT;
            case Recording.Text text ->
                fault == Fault.TRUNCATED
                        ? Outcome.TRUNCATED
                        : fault == Fault.UNPARSABLE ? Outcome.UNPARSABLE : Outcome.ANSWERED;
        };
    }

    private void busy(HttpExchange exchange, String why) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Retry-After",
                        String.valueOf(
                                Math.max(0, Math.round(options.retryAfter().toMillis() / 1000.0))));
        fail(exchange, 429, "the recorded judge turns this request away: " + why);
    }

    private static void fail(HttpExchange exchange, int status, String message) throws IOException {
        send(exchange, status, Wire.error(status, message));
    }

    private static void send(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }

    private void count(Outcome outcome) {
        outcomes.get(outcome).increment();
    }
}
