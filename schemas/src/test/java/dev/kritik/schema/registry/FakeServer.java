/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP server on the loopback that answers by a script, misbehaviour included; the last reply repeats. */
final class FakeServer implements AutoCloseable {

    record Request(String method, String path, Headers headers, String body) {}

    @FunctionalInterface
    interface Reply {
        void send(HttpExchange exchange, CountDownLatch closed) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final String scheme;
    private final List<Reply> script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeServer(Reply... script) {
        this(null, script);
    }

    /** Over TLS; asks clients for a certificate. */
    FakeServer(SSLContext tls, Reply... script) {
        this.script = List.of(script);
        this.scheme = tls == null ? "http" : "https";
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            server = tls == null ? HttpServer.create(address, 0) : HttpsServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (server instanceof HttpsServer https) {
            https.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters ssl = tls.getDefaultSSLParameters();
                    ssl.setWantClientAuth(true);
                    parameters.setSSLParameters(ssl);
                }
            });
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    static Reply json(int status, String body, String... headers) {
        return (exchange, closed) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Never answers. */
    static Reply hang() {
        return (exchange, closed) -> closed.await();
    }

    /** Says that a body comes, and sends a byte of it. */
    static Reply hangInBody() {
        return (exchange, closed) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            closed.await();
        };
    }

    /** Closes the connection without a word. */
    static Reply drop() {
        return (exchange, closed) -> {
            throw new IOException("dropped on purpose");
        };
    }

    String url() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Reply reply;
        synchronized (this) {
            reply = script.get(Math.min(requests.size(), script.size() - 1));
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    body));
        }
        try {
            reply.send(exchange, closed);
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
