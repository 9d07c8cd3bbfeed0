/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real Prometheus that scrapes some addresses every second and follows the rules of ops/prometheus. */
final class Prometheus implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final Process process;
    private final Path log;

    Prometheus(Path program, Path folder, int port, List<String> targets) throws IOException {
        this.port = port;
        this.log = folder.resolve("prometheus.log");
        for (String rules : List.of("recording.yml", "alerts.yml")) {
            // Every second instead of every 30.
            Files.writeString(
                    folder.resolve(rules),
                    Files.readString(PrometheusTools.RULES.resolve(rules)).replace("interval: 30s", "interval: 1s"));
        }
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [recording.yml, alerts.yml]
                scrape_configs:
                  - job_name: kritik
                    static_configs: [{targets: [%s]}]
                """.formatted(
                        targets.stream().map(target -> "'" + target + "'").collect(Collectors.joining(", "))));
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
    }

    /** Whether it answers. */
    boolean ready() {
        assertThat(process.isAlive()).as(() -> log()).isTrue();
        try {
            return get("/-/ready").contains("Ready");
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** How many series an expression has now; fails if Prometheus does not understand it. */
    int series(String expression) throws IOException {
        JsonNode answer =
                JSON.readTree(get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)));
        assertThat(answer.path("status").asText())
                .as("%s: %s", expression, answer)
                .isEqualTo("success");
        return answer.at("/data/result").size();
    }

    /** The names of what it scrapes well. */
    List<String> up() throws IOException {
        List<String> up = new ArrayList<>();
        JSON.readTree(get("/api/v1/query?query=up%3D%3D1"))
                .at("/data/result")
                .forEach(series -> up.add(series.at("/metric/instance").asText()));
        return up;
    }

    /** A rule as Prometheus has read it. */
    record Rule(String name, String query, boolean alert, String health, String error) {}

    /** All rules. */
    List<Rule> rules() throws IOException {
        List<Rule> rules = new ArrayList<>();
        JSON.readTree(get("/api/v1/rules"))
                .at("/data/groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> rules.add(new Rule(
                                rule.path("name").asText(),
                                rule.path("query").asText(),
                                rule.path("type").asText().equals("alerting"),
                                rule.path("health").asText(),
                                rule.path("lastError").asText()))));
        return rules;
    }

    private String get(String path) throws IOException {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
