/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.kritik.gateway.http.Route.Kind;
import dev.kritik.schema.TraceContext;
import dev.kritik.telemetry.BearerToken;

/**
 * Takes a request from Jetty to its endpoint, and the answer back, without holding a thread in between: token, limits, body,
 * endpoint, answer. Whatever goes wrong becomes a problem document; nothing becomes a number.
 */
final class Dispatcher extends Handler.Abstract {

    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);

    /** Times the largest body: how much of one that is refused is read all the same. */
    private static final long DISCARDED = 4;

    private final Router router;
    private final BearerToken token;
    private final Room room;
    private final int maxBodyBytes;
    private final HttpMetrics metrics;
    private final Executor executor;
    private volatile boolean closing;

    Dispatcher(List<Route> routes, HttpConfig config, Room room, HttpMetrics metrics, Executor executor) {
        this.router = new Router(routes);
        this.token = new BearerToken(config.token());
        this.room = room;
        this.maxBodyBytes = config.maxBodyBytes();
        this.metrics = metrics;
        this.executor = executor;
    }

    /** From now on every request is told to go elsewhere. */
    void close() {
        closing = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var exchange = new Exchange(request, response, callback);
        try {
            exchange.begin();
        } catch (RuntimeException e) {
            exchange.end(failed(e));
        }
        return true;
    }

    private static Answer failed(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Problem problem) {
            return Answer.of(problem);
        }
        LOGGER.atError().setCause(cause).log("a request failed for a reason of our own");
        return Answer.of(Problem.later(
                503,
                "Not available",
                "the gateway can't answer now (" + cause.getClass().getSimpleName() + ")",
                1));
    }

    /** One request on its way. */
    private final class Exchange {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final long begin = System.nanoTime();
        private final Optional<TraceContext> trace;
        private String name = "none";
        private Room.Place place;
        private boolean bodyTaken;
        private long discardable;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.trace = Traces.of(request.getHeaders());
        }

        void begin() {
            Router.Match match =
                    router.find(request.getMethod(), request.getHttpURI().getPath());
            Route route = match.route();
            name = route.method() + " " + route.path();
            if (route.kind() != Kind.OPEN && !token.accepts(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
                throw Problem.of(401, "Not authorized", "send the token as 'Authorization: Bearer TOKEN'");
            }
            boolean waits = route.kind() == Kind.WAITING || route.kind() == Kind.ECHOING;
            if (closing && waits) {
                throw Problem.later(503, "Closing", "this instance of the gateway closes; ask another one", 1);
            }
            var parameters = Router.parameters(request.getHttpURI().getQuery());
            boolean post = route.method().equals("POST");
            long length = post ? announced() : 0;
            if (waits) {
                place = room.enter(length);
                // Whoever waits for a judgement sends and reads nothing meanwhile: that is no idle connection.
                request.addIdleTimeoutListener(timeout -> false);
            }
            CompletionStage<Answer> answer = post
                    ? body().thenCompose(bytes -> answer(route, new Call(match.id(), parameters, bytes, trace)))
                    : answer(route, new Call(match.id(), parameters, new byte[0], trace));
            var unused = answer.whenCompleteAsync(
                    (done, failure) -> end(failure == null ? done : failed(failure)), executor);
        }

        /** How long the body will be, at most. */
        private long announced() {
            String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
            // Also keeps pages of other sites from posting to a gateway on somebody's own machine.
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
                throw Problem.of(415, "Unsupported media type", "send JSON as 'Content-Type: application/json'");
            }
            long length = request.getLength();
            if (length > maxBodyBytes) {
                throw tooLarge();
            }
            return length < 0 ? maxBodyBytes : length;
        }

        private Problem tooLarge() {
            return Problem.of(413, "Body too large", "a body may have " + maxBodyBytes + " bytes");
        }

        private CompletableFuture<byte[]> body() {
            CompletableFuture<byte[]> body = new CompletableFuture<>();
            // Blocking, as Jetty has it: what follows parses and hashes, which is no work for the thread that selects.
            Content.Source.asByteArrayAsync(
                    request, maxBodyBytes, Promise.Invocable.from(InvocationType.BLOCKING, (bytes, failure) -> {
                        if (failure == null) {
                            bodyTaken = true;
                            body.complete(bytes);
                        } else if (failure instanceof IllegalStateException) {
                            body.completeExceptionally(tooLarge());
                        } else {
                            body.completeExceptionally(
                                    Problem.bad("the body could not be read: " + failure.getMessage()));
                        }
                    }));
            return body;
        }

        private CompletionStage<Answer> answer(Route route, Call call) {
            CompletionStage<Answer> answer = route.endpoint().answer(call);
            if (place != null) {
                place.shrink(route.kind() == Kind.ECHOING ? call.body().length : 0);
            }
            return answer;
        }

        void end(Answer answer) {
            metrics.answered(name, answer.status(), System.nanoTime() - begin);
            discardable = bodyTaken || unsent() ? 0 : DISCARDED * maxBodyBytes;
            discard(answer);
        }

        /** Whether the client waits to be asked for the body, or has more than we want to hear out. */
        private boolean unsent() {
            return request.getHeaders().contains(HttpHeader.EXPECT, "100-continue")
                    || request.getLength() > DISCARDED * maxBodyBytes;
        }

        /** Hears the client out before it is answered: hung up on while it sends, it would not get the answer. */
        private void discard(Answer answer) {
            while (discardable > 0) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(() -> discard(answer));
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    break;
                }
                discardable = chunk.isLast() ? 0 : discardable - chunk.remaining();
                chunk.release();
            }
            write(answer);
        }

        private void write(Answer answer) {
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
            answer.headers().forEach(response.getHeaders()::put);
            trace.ifPresent(context -> Traces.put(response.getHeaders(), context));
            if (answer.status() == 401) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            }
            // An answer that nobody fetches takes room as well.
            response.write(true, ByteBuffer.wrap(answer.body()), Callback.from(this::leave, callback));
        }

        private void leave() {
            if (place != null) {
                place.leave();
            }
        }
    }
}
