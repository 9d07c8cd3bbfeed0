/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.kritik.trainer.run.TrainListener;

/**
 * The figures of the newest step over HTTP, for Prometheus: {@code kritik_train_NAME} for each number of a line of
 * {@code metrics.jsonl}. What a step does not have keeps the value of the step that had it, such as an evaluation's.
 */
final class TrainMetrics implements TrainListener, AutoCloseable {

    private static final String PREFIX = "kritik.train.";

    private final TrainListener next;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Double> values = new ConcurrentHashMap<>();
    private final HttpServer server;

    private TrainMetrics(HttpServer server, TrainListener next) {
        this.server = server;
        this.next = next;
    }

    /**
     * Begins to serve.
     *
     * @param next hears everything, too
     * @throws IOException if the address can't be had
     */
    static TrainMetrics start(InetSocketAddress where, TrainListener next) throws IOException {
        TrainMetrics metrics = new TrainMetrics(HttpServer.create(where, 0), next);
        metrics.server.createContext("/metrics", metrics::answer);
        metrics.server.start();
        return metrics;
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    String url() {
        InetSocketAddress at = server.getAddress();
        String host = at.getHostString();
        return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + at.getPort() + "/metrics";
    }

    @Override
    public void note(String text) {
        next.note(text);
    }

    @Override
    public void warning(String text) {
        next.warning(text);
    }

    @Override
    public void begins(int done, int total) {
        set("steps", total);
        next.begins(done, total);
    }

    @Override
    public void step(Map<String, Object> line) {
        line.forEach((name, value) -> {
            if (value instanceof Number number) {
                set(name, number.doubleValue());
            }
        });
        next.step(line);
    }

    private void set(String name, double value) {
        if (values.put(name, value) == null) {
            registry.gauge(PREFIX + name.replace('_', '.'), values, all -> all.get(name));
        }
    }

    @Override
    public void checkpoint(int step, Path folder) {
        set("checkpoint_step", step);
        next.checkpoint(step, folder);
    }

    @Override
    public void close() {
        server.stop(0);
        registry.close();
    }
}
