/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;

import dev.kritik.schema.TraceContext;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Secret;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;

/**
 * Sends JSON to one model server and reads JSON back, under load and faults. Safe for many threads; calls block, so make
 * them on virtual threads ({@link Calls}).
 *
 * <ul>
 *   <li>Bounded: requests at once ({@link Gate}), time of a whole exchange (a server that trickles or hangs in the middle
 *       of a body ends like one that never answers), bytes of an answer.
 *   <li>A server that has no room (429, 503, 529), is not there (connection refused, unknown host), or is missing behind
 *       its gateway (502, 521 to 523) is no failure of the request: it waits, as long as the server asks or in growing pauses, and goes
 *       again until its deadline, or until its patience with such a server is over. Nothing is sent past the deadline.
 *   <li>A kept connection that the server has closed meanwhile shows as an end before any answer: sent again once.
 * </ul>
 */
public final class ModelServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final ServerConfig config;
    private final InstantSource clock;
    private final HttpClient client;
    private final Optional<String> apiKey;
    private final Gate gate;
    private final AtomicBoolean refusing = new AtomicBoolean();
    private final Set<Integer> complained = ConcurrentHashMap.newKeySet();

    /**
     * Opens no connection yet.
     *
     * @param environment gives the value of an environment variable, null when it is not set
     * @throws ConfigError if a variable that the configuration names is not set, the API key has characters that no
     *     header takes, or the trust store can't be read
     */
    public ModelServer(ServerConfig config, UnaryOperator<String> environment, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.gate = new Gate(config.concurrency());
        this.apiKey = config.apiKeyEnv()
                .map(name -> Secret.token(config.prefix() + "api.key.env", name, environment)
                        .reveal());
        // HTTP/1.1: one exchange a connection, so that giving one up never disturbs others, and no upgrade that a
        // Python server would stumble over. Redirects are not followed, so that the key goes nowhere else.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.connectTimeout());
        config.trustStore().ifPresent(file -> {
            Optional<char[]> password = config.trustStorePasswordEnv()
                    .map(name -> required(environment, name, config.prefix() + "tls.truststore.password.env"))
                    .map(String::toCharArray);
            builder.sslContext(Trust.context(file, password.orElse(null), config.prefix() + "tls.truststore"));
        });
        this.client = builder.build();
    }

    /**
     * An answer.
     *
     * @param json the body
     * @param millis milliseconds of the exchange that gave it, waiting left out
     */
    public record Answer(JsonNode json, long millis) {}

    /**
     * What a request has beside its body.
     *
     * @param id names the request in the server's logs, as {@code X-Request-Id}
     * @param deadline when the answer is of no use any more
     * @param most how long to wait while the server takes no requests at all; empty: until the deadline
     * @param halves whether an exchange may take no more than half of the time that is left when it begins, for somebody
     *     else can be asked in the other half
     * @param trace goes along in the headers that the W3C named for it
     */
    public record Terms(
            String id, Instant deadline, Optional<Duration> most, boolean halves, Optional<TraceContext> trace) {}

    /**
     * Posts JSON and waits for the answer.
     *
     * @param path put behind the base address
     * @throws JudgeException if there is no usable answer
     * @throws InterruptedException if the thread was interrupted; the exchange is then given up, its connection closed
     */
    public Answer post(String path, JsonNode body, Terms terms) throws InterruptedException {
        HttpRequest request = request(path, body, terms);
        Instant deadline = terms.deadline();
        Patience patience = Patience.from(terms.most());
        String refusal = null;
        boolean resent = false;
        while (true) {
            Gate.Permit permit = gate.enter(left(deadline), patience).orElse(null);
            if (permit == null) {
                throw left(deadline).isZero() ? outOfTime(refusal, 0) : unavailable(refusal);
            }
            try {
                Exchange exchange = exchange(request, deadline, terms.halves(), refusal);
                switch (exchange) {
                    case Exchange.Answered answered -> {
                        permit.succeeded();
                        answersAgain();
                        return new Answer(answered.json(), answered.millis());
                    }
                    case Exchange.Busy busy -> {
                        refusal = busy.why();
                        permit.refused(busy.wished());
                        refuses(busy.why());
                    }
                    case Exchange.Absent absent -> {
                        refusal = absent.why();
                        permit.unreachable();
                        refuses(absent.why());
                    }
                    case Exchange.Lost lost -> {
                        if (resent) {
                            throw lost.asFailure();
                        }
                        resent = true;
                    }
                }
            } finally {
                permit.ended();
            }
            if (refusal != null && gate.isAwayTooLong(patience)) {
                throw unavailable(refusal);
            }
        }
    }

    /** Whether it took none of the last requests, and works on none. */
    public boolean away() {
        return gate.isAway();
    }

    private HttpRequest request(String path, JsonNode body, Terms terms) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url() + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("X-Request-Id", HeaderText.of(terms.id()))
                // by way of a String, since half a surrogate pair has no bytes in UTF-8 and must not stop the flow
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toString().getBytes(StandardCharsets.UTF_8)));
        terms.trace().ifPresent(trace -> {
            request.header(TraceContext.PARENT, trace.parent());
            if (!trace.state().isEmpty()) {
                request.header(TraceContext.STATE, trace.state());
            }
        });
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }

    /** How one exchange ended, where it did not fail for good. */
    private sealed interface Exchange {
        record Answered(JsonNode json, long millis) implements Exchange {}

        record Busy(String why, Optional<Duration> wished) implements Exchange {}

        record Absent(String why) implements Exchange {}

        record Lost(IOException cause, long millis) implements Exchange {
            JudgeException asFailure() {
                return new JudgeException(
                        Reason.JUDGE_ERROR, true, "the connection broke: " + words(cause), cause, millis);
            }
        }
    }

    private Exchange exchange(HttpRequest request, Instant deadline, boolean halves, String refusal)
            throws InterruptedException {
        Duration left = left(deadline);
        if (left.isZero()) {
            throw outOfTime(refusal, 0);
        }
        Duration share = halves ? left.dividedBy(2) : left;
        boolean shareFirst = share.compareTo(config.timeout()) < 0;
        boolean deadlineFirst = shareFirst && !halves;
        Duration patience = shareFirst ? share : config.timeout();
        LimitedBody body = new LimitedBody(config.maxResponseBytes());
        long begun = System.nanoTime();
        // Not HttpRequest.timeout: up to JDK 25 it ends with the head of the response and lets a body hang for ever.
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, body);
        try {
            HttpResponse<byte[]> response = sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return read(response, millisSince(begun));
        } catch (TimeoutException e) {
            throw deadlineFirst
                    ? outOfTime("still writing", millisSince(begun))
                    : new JudgeException(
                            Reason.JUDGE_TIMEOUT,
                            true,
                            "no answer within " + patience.toMillis() + " ms ("
                                    + (shareFirst ? "half of the time left" : config.prefix() + "timeout.ms") + ")",
                            e,
                            millisSince(begun));
        } catch (ExecutionException e) {
            return broken(e.getCause(), body.begun(), millisSince(begun));
        } finally {
            sent.cancel(true); // closes the connection of an exchange that is not done
        }
    }

    private Exchange read(HttpResponse<byte[]> response, long millis) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            try {
                return new Exchange.Answered(JSON.readTree(response.body()), millis);
            } catch (JacksonException e) {
                throw malformed("no JSON: " + e.getOriginalMessage(), millis);
            } catch (IOException e) {
                throw malformed("no JSON", millis);
            }
        }
        if (Refusals.isAbsent(status)) {
            return new Exchange.Absent("its gateway answered " + status);
        }
        if (Refusals.isBusy(status) && !Refusals.neverFits(status, response.body())) {
            Optional<Duration> wished = response.headers()
                    .firstValue("Retry-After")
                    .flatMap(value -> RetryAfter.parse(value, clock.instant(), config.retryAfterMax()));
            return new Exchange.Busy("it answered " + status, wished);
        }
        if (Refusals.isMisconfigured(status) && complained.add(status)) {
            LOG.atError()
                    .addKeyValue("url", response.uri())
                    .addKeyValue("status", status)
                    .addKeyValue("keys", config.prefix() + "*")
                    .log("The model server turns requests away; check address, model and API key");
        }
        throw Refusals.toException(status, response.body(), millis, apiKey);
    }

    private Exchange broken(Throwable cause, boolean begun, long millis) {
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException) {
            return new Exchange.Absent("it can't be reached (" + words(cause) + ")");
        }
        if (cause instanceof SSLException && isUntrusted(cause)) {
            if (complained.add(0)) {
                LOG.atError()
                        .addKeyValue("url", config.url())
                        .addKeyValue("keys", config.prefix() + "tls.truststore")
                        .log("The certificate of the model server is not trusted");
            }
            throw new JudgeException(
                    Reason.JUDGE_ERROR,
                    false,
                    "the server's certificate is not trusted (" + config.prefix() + "tls.truststore): " + words(cause),
                    cause,
                    millis);
        }
        if (cause instanceof LimitedBody.TooLarge) {
            throw new JudgeException(
                    Reason.JUDGE_ERROR,
                    true,
                    cause.getMessage() + " (" + config.prefix() + "response.max.bytes)",
                    cause,
                    millis);
        }
        if (cause instanceof IOException lost) {
            Exchange.Lost exchange = new Exchange.Lost(lost, millis);
            if (begun) {
                throw exchange.asFailure();
            }
            return exchange;
        }
        throw new IllegalStateException("unexpected failure of the HTTP client", cause);
    }

    private JudgeException malformed(String what, long millis) {
        return new JudgeException(Reason.JUDGE_ERROR, true, "the server's answer is " + what, null, millis);
    }

    private static JudgeException outOfTime(String last, long millis) {
        return new JudgeException(
                Reason.DEADLINE,
                false,
                "the deadline passed" + (last == null ? " while waiting for a free place" : "; the server: " + last),
                null,
                millis);
    }

    private static JudgeException unavailable(String last) {
        return new JudgeException(
                Reason.UNAVAILABLE, false, "the server takes no requests" + (last == null ? "" : ": " + last), null);
    }

    private void refuses(String why) {
        if (refusing.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("url", config.url())
                    .addKeyValue("reason", why)
                    .log("The model server takes no requests; trying again");
        }
    }

    private void answersAgain() {
        if (refusing.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("url", config.url()).log("The model server answers again");
        }
    }

    private Duration left(Instant deadline) {
        Instant now = clock.instant();
        if (!now.isBefore(deadline)) {
            return Duration.ZERO;
        }
        return deadline.isAfter(now.plus(LONGEST_WAIT)) ? LONGEST_WAIT : Duration.between(now, deadline);
    }

    private static boolean isUntrusted(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause.getClass().getName().contains("CertPath")) {
                return true;
            }
        }
        return false;
    }

    private static String words(Throwable error) {
        String message = error.getMessage();
        return error.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static String required(UnaryOperator<String> environment, String name, String key) {
        String value = environment.apply(name);
        if (value == null || value.isBlank()) {
            throw new ConfigError(
                    key + " names the environment variable " + name + ", which is not set; set it, or clear the key");
        }
        return value.strip();
    }

    /** Gives up all exchanges and closes all connections. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
