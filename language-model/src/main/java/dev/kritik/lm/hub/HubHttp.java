/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import dev.kritik.lm.hub.HubException.Reason;

/**
 * Requests to the hub. Redirects are followed by hand, because large files lie on other hosts, and the token may not go
 * there: it goes to the endpoint's own scheme, host and port only. Addresses of other hosts are signed, so as good as a
 * secret: they appear in no message.
 */
final class HubHttp implements AutoCloseable {

    private static final int MAX_REDIRECTS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HubSettings settings;
    private final HttpClient client;

    HubHttp(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /**
     * A request.
     *
     * @param what names it in messages
     * @param from first byte that is wanted; 0: all
     * @param stopAtOtherHost whether a redirect to another host is the answer, and isn't followed
     */
    record Request(String what, String method, URI uri, long from, boolean stopAtOtherHost) {}

    /** An answer, with the headers of the redirects that led to it. */
    record Answer<T>(HttpResponse<T> last, List<HttpHeaders> hops) {

        /** A header of the last hop that has it. */
        Optional<String> header(String name) {
            return hops.reversed().stream()
                    .flatMap(headers -> headers.firstValue(name).stream())
                    .findFirst();
        }

        boolean redirect() {
            return isRedirect(last);
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param handler of the body, asked for answers of 2xx only
     * @param progress tells how far the body is: as long as it grows, there is no time limit
     * @throws Transient when trying again may help
     * @throws HubException when it won't; or what the handler threw
     */
    <T> Answer<T> send(Request request, BodyHandler<T> handler, LongSupplier progress) throws Transient {
        List<HttpHeaders> hops = new ArrayList<>();
        URI uri = request.uri();
        while (hops.size() <= MAX_REDIRECTS) {
            HttpRequest built = build(request, uri);
            HttpResponse<T> response = await(request, uri, () -> client.send(built, only2xx(handler)), progress);
            hops.add(response.headers());
            Answer<T> answer = new Answer<>(response, hops);
            if (!isRedirect(response)) {
                check(request, uri, answer);
                return answer;
            }
            URI next = next(request, uri, response);
            if (request.stopAtOtherHost() && !origin(next).equals(origin(uri))) {
                return answer;
            }
            uri = next;
        }
        throw new HubException(Reason.BROKEN, request.what() + ": more than " + MAX_REDIRECTS + " redirects");
    }

    private HttpRequest build(Request request, URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "kritik")
                // Compressed, a file would have another length and checksum.
                .header("Accept-Encoding", "identity");
        if (request.from() > 0) {
            builder.header("Range", "bytes=" + request.from() + "-");
        }
        if (isOurs(uri)) {
            settings.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        }
        return builder.build();
    }

    private static <T> BodyHandler<T> only2xx(BodyHandler<T> handler) {
        return info -> info.statusCode() / 100 == 2 ? handler.apply(info) : BodySubscribers.replacing(null);
    }

    private <T> HttpResponse<T> await(Request request, URI uri, Callable<HttpResponse<T>> send, LongSupplier progress)
            throws Transient {
        // The client's own timeout is no help: by the Java version, it covers the headers only, or the whole body too.
        // And its sendAsync needs a free thread of the common pool, which may be full of callers of ours.
        FutureTask<HttpResponse<T>> response = new FutureTask<>(send);
        Thread.ofVirtual().name("hub").start(response);
        long seen = progress.getAsLong();
        while (true) {
            try {
                return response.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = progress.getAsLong();
                if (now == seen) {
                    response.cancel(true);
                    throw new Transient(
                            "nothing came from " + host(uri) + " for "
                                    + settings.timeout().toSeconds() + " s",
                            e);
                }
                seen = now;
            } catch (InterruptedException e) {
                response.cancel(true);
                throw Retries.interrupted(request.what(), e);
            } catch (ExecutionException e) {
                throw failure(request, uri, e);
            }
        }
    }

    private static Transient failure(Request request, URI uri, ExecutionException e) {
        IOException lost = null;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof HubException refused) {
                throw new HubException(refused.reason(), request.what() + ": " + refused.getMessage(), refused);
            }
            if (cause instanceof IOException io && lost == null) {
                lost = io;
            }
        }
        if (lost == null) {
            throw new HubException(Reason.BROKEN, request.what() + ": " + e.getCause(), e);
        }
        // The message of a refused connection is null.
        String message = lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage();
        return new Transient("no connection to " + host(uri) + ", or it was lost: " + message, lost);
    }

    private void check(Request request, URI uri, Answer<?> answer) throws Transient {
        int status = answer.last().statusCode();
        if (status / 100 == 2) {
            return;
        }
        boolean ours = isOurs(uri);
        String answers = host(uri) + " answers " + status;
        // What another host says may hold its address, which is signed.
        String said = request.what() + ": " + answers
                + answer.last()
                        .headers()
                        .firstValue("X-Error-Message")
                        .filter(text -> ours)
                        .map(text -> " (" + text + ")")
                        .orElse("");
        boolean denied = status == 401 || status == 403;
        // Another host denies when the signed address is too old; the next attempt gets a new one.
        if (status == 408 || status == 416 || status == 429 || status >= 500 || (denied && !ours)) {
            throw new Transient(answers, null, retryAfter(answer.last().headers()), false);
        }
        if (denied) {
            throw new HubException(
                    Reason.DENIED,
                    said + ". It is gated or private, or not there: "
                            + (settings.token().isPresent()
                                    ? "the token may not read it; accept its terms on its page, or use another token"
                                    : "set HF_TOKEN to a token that may read it"));
        }
        throw new HubException(
                status == 404 ? Reason.NOT_FOUND : Reason.BROKEN,
                said + (status == 404 && ours ? ". Check the name and the revision" : ""));
    }

    private static URI next(Request request, URI uri, HttpResponse<?> response) {
        try {
            URI next = uri.resolve(response.headers().firstValue("Location").orElse(""));
            boolean downgrade = uri.getScheme().equals("https") && !"https".equals(next.getScheme());
            if (next.getHost() != null && !downgrade) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            // Below. Its message would hold the address.
        }
        throw new HubException(
                Reason.BROKEN, request.what() + ": " + uri.getHost() + " redirects to an address that can't be used");
    }

    private static Duration retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(Duration.ZERO);
    }

    private static boolean isRedirect(HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private boolean isOurs(URI uri) {
        return origin(uri).equals(origin(settings.endpoint()));
    }

    /** For messages: nothing that could be secret. */
    private static String host(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** Scheme, host and port. */
    private static String origin(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        return uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
