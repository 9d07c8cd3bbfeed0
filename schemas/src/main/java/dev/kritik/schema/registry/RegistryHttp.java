/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kritik.schema.registry.RegistryConfig.Credentials;

/**
 * Sends requests to a registry until it gets an answer: at each address in turn, again after a pause, a bounded number of
 * times. An answer is any status below 500 other than 429. Safe for use by many threads.
 */
final class RegistryHttp implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RegistryHttp.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    /** Why an address gave no answer, and how long it asked us to wait. */
    private static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Duration wait;

        NoAnswer(String message, Duration wait, Throwable cause) {
            super(message, cause);
            this.wait = wait;
        }
    }

    private final RegistryConfig config;
    private final Backoff backoff;
    private final HttpClient client;
    private volatile int preferred;

    RegistryHttp(RegistryConfig config) {
        this.config = config;
        this.backoff = new Backoff(config.backoff());
        this.client = HttpClient.newBuilder()
                // Some registries stumble over the upgrade to HTTP/2 on plain connections.
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect would carry our credentials to wherever it points.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.connectTimeout())
                .sslContext(config.tls().context())
                .build();
    }

    /**
     * The answer to a request.
     *
     * @param path below the base address, encoded, beginning with a slash
     * @param body null for none
     * @throws RegistryUnavailableException if no address answered, or one refused our credentials
     */
    Answer send(String method, String path, JsonNode body) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
        NoAnswer last = null;
        for (int attempt = 0; attempt <= config.retries(); attempt++) {
            if (last != null) {
                pause(attempt, last);
            }
            int first = preferred;
            for (int i = 0; i < config.urls().size(); i++) {
                int index = (first + i) % config.urls().size();
                try {
                    Answer answer = exchange(method, config.urls().get(index), path, publisher);
                    preferred = index;
                    return answer;
                } catch (NoAnswer e) {
                    last = e;
                    log.atDebug()
                            .addKeyValue("url", config.urls().get(index))
                            .addKeyValue("attempt", attempt)
                            .addKeyValue("reason", e.getMessage())
                            .log("the schema registry gave no answer");
                }
            }
        }
        throw new RegistryUnavailableException(
                "the schema registry gave no answer in " + (config.retries() + 1) + " tries at " + config.urls()
                        + "; last: "
                        + (last == null ? "none" : last.getMessage()) + " (is it running, and is " + RegistryConfig.URL
                        + " right?)",
                last);
    }

    private Answer exchange(String method, URI url, String path, BodyPublisher body) throws NoAnswer {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Accept", MEDIA_TYPE + ", application/json")
                .header("Content-Type", MEDIA_TYPE)
                .method(method, body);
        authorization().ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response = receive(request.build(), url);
        int status = response.statusCode();
        if (status == 429 || status >= 500) {
            throw new NoAnswer(url + " answered HTTP " + status, Backoff.retryAfter(response.headers()), null);
        }
        Answer answer = new Answer(url, status, json(response.body()));
        if (status == 401 || status == 403) {
            throw new RegistryUnavailableException(url + " refused us: " + answer.describe() + "; check "
                    + RegistryConfig.BASIC_USER + ", " + RegistryConfig.BEARER_TOKEN_ENV + " and what they allow");
        }
        if (status / 100 == 3) {
            throw new RegistryUnavailableException(url + " redirects to "
                    + response.headers().firstValue("Location").orElse("nowhere") + "; put the right address into "
                    + RegistryConfig.URL);
        }
        if (answer.ok() && answer.body() == null) {
            throw new NoAnswer(
                    url + " answered HTTP " + status + " with something that is no JSON", Duration.ZERO, null);
        }
        return answer;
    }

    /** The whole response. HttpRequest's own time-out ends with the headers; a body may hang too. */
    private HttpResponse<byte[]> receive(HttpRequest request, URI url) throws NoAnswer {
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            return response.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new NoAnswer(
                    url + " took longer than " + config.requestTimeout().toMillis() + " ms", Duration.ZERO, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw new NoAnswer(url + ": " + io, Duration.ZERO, io);
            }
            throw new RegistryUnavailableException("the request to " + url + " failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            response.cancel(true);
            throw interrupted(e);
        }
    }

    private Optional<String> authorization() {
        return switch (config.credentials()) {
            case Credentials.None none -> Optional.empty();
            case Credentials.Bearer bearer ->
                Optional.of("Bearer " + bearer.token().reveal());
            case Credentials.Basic basic -> {
                String pair = basic.user() + ":" + basic.password().reveal();
                yield Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private void pause(int attempt, NoAnswer reason) {
        Duration wait = backoff.before(attempt, reason.wait);
        log.atWarn()
                .addKeyValue("attempt", attempt)
                .addKeyValue("waitMs", wait.toMillis())
                .addKeyValue("reason", reason.getMessage())
                .log("the schema registry gave no answer; trying again");
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static RegistryUnavailableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryUnavailableException("interrupted while waiting for the schema registry", e);
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node.isContainerNode() ? node : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
