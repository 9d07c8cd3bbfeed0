/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.ConfigError;

/**
 * What a role tells about itself: a registry for its figures, and a small server with {@code /metrics} (Prometheus),
 * {@code /health/live}, {@code /health/ready} and {@code /health/settled} (200, or 503 with the reason in words). Health is
 * asked while a role starts, too, so it can be served before there is anything to say. Safe for use by many threads.
 */
public final class Telemetry implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Telemetry.class);

    /** Two, so that a slow scrape does not hold up a probe. */
    private static final int THREADS = 2;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final TelemetryConfig config;
    private final String role;
    private final BearerToken token;
    private final RoleMeters meters;
    private HttpServer server;
    private ExecutorService threads;

    /**
     * A registry with the figures of the JVM; nothing listens yet.
     *
     * @param role which one, such as {@code stream}
     */
    public Telemetry(TelemetryConfig config, String role) {
        this.config = config;
        this.role = role;
        this.token = new BearerToken(config.token());
        this.meters = new RoleMeters(role);
    }

    /** Where the role registers what it counts. */
    public MeterRegistry registry() {
        return meters.registry();
    }

    /**
     * Begins to listen, unless the configuration says off. To be called once.
     *
     * @throws ConfigError if the address can't be had; names the key
     */
    public synchronized void serve(Health health) {
        meters.watch(health);
        if (config.address().isEmpty()) {
            return;
        }
        Address address = config.address().get();
        InetSocketAddress where = new InetSocketAddress(address.host(), address.port());
        if (where.isUnresolved()) {
            throw new ConfigError(TelemetryConfig.ADDRESS + " is '" + address + "': no address is known for that host");
        }
        try {
            server = HttpServer.create(where, 0);
        } catch (IOException e) {
            throw new ConfigError(
                    TelemetryConfig.ADDRESS + " is '" + address + "', which can't be had: " + e.getMessage()
                            + "; name another port, or 0 for a free one",
                    e);
        }
        threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("telemetry-", 0).factory());
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> answer(
                        exchange, 404, TEXT, "there are /metrics, /health/live, /health/ready and /health/settled\n"));
        server.createContext("/metrics", only("/metrics", this::metrics));
        server.createContext("/health/live", only("/health/live", exchange -> tell(exchange, health.dead(), "live")));
        server.createContext(
                "/health/ready",
                only("/health/ready", exchange -> tell(exchange, health.dead().or(health::idle), "ready")));
        server.createContext(
                "/health/settled",
                only("/health/settled", exchange -> tell(exchange, health.dead().or(health::unsettled), "settled")));
        server.start();
        LOGGER.atInfo()
                .addKeyValue("role", role)
                .addKeyValue("address", uri().orElseThrow())
                .log("telemetry");
    }

    /** Where it listens; empty when it does not. */
    public synchronized Optional<URI> uri() {
        if (server == null) {
            return Optional.empty();
        }
        String host = server.getAddress().getHostString();
        return Optional.of(
                URI.create("http://" + (host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]") + ":"
                        + server.getAddress().getPort()));
    }

    private static HttpHandler only(String path, HttpHandler handler) {
        return exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, 404, TEXT, "there is no such page\n");
            } else if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, 405, TEXT, "GET and HEAD only\n");
            } else {
                handler.handle(exchange);
            }
        };
    }

    private void metrics(HttpExchange exchange) throws IOException {
        if (!token.accepts(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            answer(exchange, 401, TEXT, "a token is wanted: 'Authorization: Bearer TOKEN'\n");
            return;
        }
        answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
    }

    private static void tell(HttpExchange exchange, Optional<String> trouble, String well) throws IOException {
        answer(exchange, trouble.isEmpty() ? 200 : 503, TEXT, trouble.orElse(well) + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        try (exchange) {
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
            threads.shutdownNow();
            server = null;
        }
        meters.close();
    }
}
