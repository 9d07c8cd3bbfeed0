/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** An HTTP server on loopback that does what it is told, request by request, and remembers what it saw. */
public final class FaultyServer implements AutoCloseable {

    /** What to do with one request. */
    public interface Behaviour {
        void answer(HttpExchange exchange, FaultyServer server) throws IOException, InterruptedException;
    }

    /** One request as it came. */
    public record Seen(String path, Map<String, List<String>> headers, JsonNode body) {
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Behaviour> script = new ArrayDeque<>();
    private volatile Behaviour otherwise = json(200, "{}");
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Set<HttpExchange> inside = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mostInside = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch clientGone = new CountDownLatch(1);

    public FaultyServer() throws IOException {
        this(0);
    }

    public FaultyServer(int port) throws IOException {
        this(HttpServer.create(), port);
    }

    public static FaultyServer tls(SSLContext context) throws IOException {
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return new FaultyServer(https, 0);
    }

    private FaultyServer(HttpServer server, int port) throws IOException {
        this.server = server;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        inside.add(exchange);
        mostInside.accumulateAndGet(inside.size(), Math::max);
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            seen.add(new Seen(
                    exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()), JSON.readTree(body)));
            Behaviour behaviour;
            synchronized (script) {
                behaviour = script.isEmpty() ? otherwise : script.remove();
            }
            behaviour.answer(exchange, this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            inside.remove(exchange);
        }
    }

    /** Does these, one request each, before anything else. */
    public FaultyServer first(Behaviour... behaviours) {
        synchronized (script) {
            script.addAll(List.of(behaviours));
        }
        return this;
    }

    /** Does this with every further request. */
    public FaultyServer then(Behaviour behaviour) {
        otherwise = behaviour;
        return this;
    }

    public static Behaviour json(int status, String body, String... headers) {
        return bytes(status, "application/json", body, headers);
    }

    public static Behaviour bytes(int status, String type, String body, String... headers) {
        return (exchange, server) -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            server.inside.remove(exchange); // a client that has its answer may ask again before this thread goes on
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Never answers. */
    public static Behaviour hang() {
        return (exchange, server) -> server.closing.await();
    }

    /** Closes the connection without a word. */
    public static Behaviour drop() {
        return (exchange, server) -> {};
    }

    /** Answers after a while. */
    public static Behaviour slow(long millis, Behaviour behaviour) {
        return (exchange, server) -> {
            boolean unused = server.closing.await(millis, TimeUnit.MILLISECONDS);
            behaviour.answer(exchange, server);
        };
    }

    /** Promises more than it sends, then closes the connection. */
    public static Behaviour breakOff() {
        return (exchange, server) -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"choices\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        };
    }

    /** Sends a byte now and then, for ever, until the client is gone. */
    public static Behaviour trickle() {
        return (exchange, server) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            try {
                while (!server.closing.await(20, TimeUnit.MILLISECONDS)) {
                    body.write(' ');
                    body.flush();
                }
            } catch (IOException e) {
                server.clientGone.countDown();
            }
        };
    }

    public boolean sawClientGo() throws InterruptedException {
        return clientGone.await(10, TimeUnit.SECONDS);
    }

    public List<Seen> seen() {
        return seen;
    }

    public int mostInside() {
        return mostInside.get();
    }

    public int inside() {
        return inside.size();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
