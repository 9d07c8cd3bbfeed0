/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub on the loopback interface, with one model, {@code org/tiny}. As on the real one, large files lie on another host (here
 * another port), small ones behind a redirect on the same host.
 */
final class FakeHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** A request as it came. */
    record Seen(String host, String method, String path, String range, String authorization) {}

    /** What goes wrong with a request, once. */
    sealed interface Trouble {
        record None() implements Trouble {}

        record Status(int status) implements Trouble {}

        /** The connection is lost after so many bytes of the body. */
        record Cut(int bytes) implements Trouble {}

        /** So many bytes come, and then nothing. */
        record Stall(int bytes) implements Trouble {}

        record IgnoreRange() implements Trouble {}

        /** A page comes, with status 200, as from a network that wants a log-in first. */
        record Page() implements Trouble {}
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, String> etags = new ConcurrentHashMap<>();
    volatile String commit = COMMIT;
    volatile boolean tellsSizes = true;

    private final Map<String, Queue<Trouble>> troubles = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = start("hub");
    private final HttpServer away = start("away");

    FakeHub() {
        hub.createContext("/", exchange -> serve(exchange, "hub", this::hub));
        away.createContext("/", exchange -> serve(exchange, "away", this::away));
        put("config.json", "{\"architectures\": [\"LlamaForCausalLM\"]}");
        put("tokenizer.json", "{}");
        put("model.safetensors", "w".repeat(3_000));
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    String endpoint() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    /** The host that large files lie on. */
    String storage() {
        return "localhost:" + away.getAddress().getPort();
    }

    void stopStorage() {
        away.stop(0);
    }

    /** @param request method and file, like {@code GET model.safetensors}; {@code LIST} for the list of files */
    void trouble(String request, Trouble... these) {
        troubles.computeIfAbsent(request, any -> new ArrayDeque<>()).addAll(List.of(these));
    }

    List<String> requests(String method) {
        return seen.stream()
                .filter(one -> one.method().equals(method))
                .map(one -> one.host() + " " + one.path())
                .toList();
    }

    private HttpServer start(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    @FunctionalInterface
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private void serve(HttpExchange exchange, String host, Handler handler) throws IOException {
        seen.add(new Seen(
                host,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            handler.handle(exchange);
        }
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/api/models/org/tiny/revision/")) {
            switch (next("LIST")) {
                case Trouble.Status trouble -> exchange.sendResponseHeaders(trouble.status(), -1);
                case Trouble.Page page -> body(exchange, "<html>Log in".getBytes(StandardCharsets.UTF_8));
                default -> list(exchange);
            }
        } else if (path.startsWith("/org/tiny/resolve/" + commit + "/")) {
            resolve(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else if (path.startsWith("/small/")) {
            small(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else {
            exchange.getResponseHeaders().set("X-Error-Message", "Repository not found");
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        ObjectNode info = JSON.createObjectNode().put("sha", commit);
        ArrayNode siblings = info.putArray("siblings");
        files.keySet().forEach(name -> siblings.addObject().put("rfilename", name));
        body(exchange, JSON.writeValueAsBytes(info));
    }

    private static void body(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        if (!files.containsKey(name)) {
            exchange.sendResponseHeaders(404, -1);
        } else if (name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + etag(name) + '"');
            if (tellsSizes) {
                exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(files.get(name).length));
            }
            exchange.getResponseHeaders().set("Location", "http://" + storage() + "/lfs/" + name + "?signature=s3cret");
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("Location", "/small/" + name);
            exchange.sendResponseHeaders(307, -1);
        }
    }

    private void small(HttpExchange exchange, String name) throws IOException {
        exchange.getResponseHeaders().set("ETag", "W/\"" + etag(name) + '"');
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(files.get(name).length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            send(exchange, name);
        }
    }

    private void away(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        send(exchange, path.substring(path.lastIndexOf('/') + 1));
    }

    private void send(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        Trouble trouble = next("GET " + name);
        if (trouble instanceof Trouble.Status status) {
            exchange.sendResponseHeaders(status.status(), -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && !(trouble instanceof Trouble.IgnoreRange)) {
            int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            content = Arrays.copyOfRange(content, from, content.length);
            exchange.sendResponseHeaders(206, content.length);
        } else {
            exchange.sendResponseHeaders(200, content.length);
        }
        switch (trouble) {
            case Trouble.Cut cut -> {
                exchange.getResponseBody().write(content, 0, cut.bytes());
                exchange.getResponseBody().flush();
            }
            case Trouble.Stall stall -> {
                exchange.getResponseBody().write(content, 0, stall.bytes());
                exchange.getResponseBody().flush();
                awaitClose();
            }
            default -> exchange.getResponseBody().write(content);
        }
    }

    private Trouble next(String request) {
        Queue<Trouble> queue = troubles.get(request);
        synchronized (troubles) {
            return queue == null || queue.isEmpty() ? new Trouble.None() : queue.remove();
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String etag(String name) {
        byte[] content = files.get(name);
        boolean large = name.endsWith(".safetensors");
        byte[] prefix = large ? new byte[0] : ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        return etags.computeIfAbsent(name, any -> {
            try {
                MessageDigest digest = MessageDigest.getInstance(large ? "SHA-256" : "SHA-1");
                digest.update(prefix);
                return HexFormat.of().formatHex(digest.digest(content));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        away.stop(0);
        threads.shutdownNow();
    }
}
