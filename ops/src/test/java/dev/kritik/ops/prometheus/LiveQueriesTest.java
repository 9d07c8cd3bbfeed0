/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.kritik.local.Ports;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.Faults.Fault;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.prometheus.Prometheus.Rule;

/**
 * Every expression of the dashboards and of the rules, asked of a real Prometheus that scrapes a real installation: none may
 * be wrong, and none, nor any series that is named in one, may be empty. So a meter that is renamed, or a label that is
 * misspelt, shows here.
 */
class LiveQueriesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What has no series without a fault that this installation does not have, and why. */
    private static final Map<String, String> NEEDS_A_FAULT = Map.of(
            "kritik_groups_closed_total{status=~\"FAILED|TIMEOUT\"}", "a group without any reward",
            "kritik_worker_deliveries_total{delivery!=\"1\"}", "a worker that dies with a task in hand");

    /** A series by name and labels, within an expression. */
    private static final Pattern SELECTOR =
            Pattern.compile("\\b((?:kritik|jvm|process|kafka)[a-z_:0-9]*)(\\{[^}]*\\})?");

    @TempDir
    private Path folder;

    @Test
    @Timeout(600)
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void eachQueryOfDashboardsAndRulesFindsSomething() throws Exception {
        Optional<Path> program = PrometheusTools.find("prometheus");
        assumeTrue(program.isPresent(), "prometheus is not installed (Debian: prometheus)");
        // Given an installation with a jury of which one judge is not there and the other one errs now and then
        try (RecordedJudge judge = RecordedJudge.start(
                        JudgeOptions.of(new SeededScores()).faults(new Faults(Map.of(Fault.UNPARSABLE, 0.15))));
                LocalCluster cluster =
                        LocalCluster.temporary(settings(judge.url().toString()))) {
            List<Integer> ports =
                    Stream.generate(() -> Ports.free("test")).limit(5).toList();
            cluster.startStream(at(ports.get(0)));
            cluster.startWorker(at(ports.get(1)));
            cluster.startGateway(Map.of("gateway.http.address", "127.0.0.1:" + ports.get(2)));
            Map<String, String> exporter = new HashMap<>(at(ports.get(3)));
            exporter.put("exporter.interval.ms", "1000");
            cluster.startExporter(exporter);
            List<String> targets = ports.subList(0, 4).stream()
                    .map(port -> "127.0.0.1:" + port)
                    .toList();
            try (Prometheus prometheus = new Prometheus(program.get(), folder, ports.get(4), targets)) {
                await().atMost(PATIENCE).until(prometheus::ready);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(prometheus.up()).hasSize(4));

                // When groups run through while Prometheus looks on, a record is bad, and somebody asks over HTTP
                for (int round = 0; round < 5; round++) {
                    publish(cluster, "job-" + round);
                    breakARecord(cluster);
                    ask(ports.get(2), round);
                }

                // Then
                TreeSet<String> expressions = new TreeSet<>();
                Dashboards.queries("1m").forEach(query -> expressions.add(query.expression()));
                List<Rule> rules = prometheus.rules();
                assertThat(expressions).hasSizeGreaterThan(60);
                assertThat(rules)
                        .hasSizeGreaterThan(25)
                        .allMatch(rule -> rule.error().isEmpty(), "has no error");
                rules.stream().filter(rule -> !rule.alert()).forEach(rule -> expressions.add(rule.query()));
                expressions.addAll(selectors(expressions, rules));
                expressions.removeAll(NEEDS_A_FAULT.keySet());
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(
                                () -> assertThat(empty(prometheus, expressions)).isEmpty());
                // And alerts are understood, if silent here
                for (Rule rule : rules) {
                    assertThat(prometheus.series(rule.query())).isNotNegative();
                }
            }
        }
    }

    private static Map<String, String> settings(String judge) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        settings.put("stream.k", "6");
        settings.put("stream.goal", "best");
        settings.put("rules", "empty,long");
        settings.put("rule.long.check", "longer");
        settings.put("rule.long.value", "60");
        settings.put("rule.long.then", "refuse");
        settings.put("jury.judges", "here,gone");
        settings.put("jury.patience.ms", "500");
        settings.put("jury.retry.ms", "500");
        settings.put("judge.openai.url", judge);
        settings.put("judge.openai.model", SeededScores.MODEL);
        settings.put("jury.gone.judge.openai.url", "http://127.0.0.1:" + Ports.free("judge"));
        settings.put("worker.meta", "vllm");
        settings.put("meta.vllm.url", judge);
        settings.put("meta.vllm.model", SeededScores.MODEL);
        return settings;
    }

    private static Map<String, String> at(int port) {
        return Map.of("telemetry.http.address", "127.0.0.1:" + port);
    }

    /** Groups with and without spread, with an empty and a long response, for rules. */
    private void publish(LocalCluster cluster, String job) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int group = 0; group < 10; group++) {
            lines.append("""
                    {"query_id":"q%d","messages":[{"role":"user","content":"What is two plus two?"}],\
                    "responses":[{"content":"It is 4."},{"content":"It is %d."},{"content":""},{"content":"%s"}]}
                    """.formatted(group, group + 10, "It is 4. ".repeat(group + 2)));
        }
        lines.append("""
                {"query_id":"equal","messages":[{"role":"user","content":"What is two plus two?"}],\
                "responses":[{"content":"It is 4."},{"content":"It is 4."}]}
                """);
        Path file = folder.resolve(job + ".jsonl");
        Files.writeString(file, lines);
        // Twice: the second time nothing changes, and it is counted.
        for (int time = 0; time < 2; time++) {
            Cli run = Cli.run(
                    "rollouts",
                    "publish",
                    file.toString(),
                    "--job",
                    job,
                    "--config",
                    cluster.configFile().toString());
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    private static void breakARecord(LocalCluster cluster) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.stack().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>("rollouts", new byte[] {1, 2, 3}));
            producer.flush();
        }
    }

    private static void ask(int port, int round) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/rewards?wait_s=60"))
                            .header("Content-Type", "application/json")
                            .timeout(Duration.ofMinutes(2))
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"prompt\":\"round " + round + "\",\"responses\":[\"4\",\"5\"]}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    /** Each series that is named in an expression or an alert. */
    private static Set<String> selectors(Set<String> expressions, List<Rule> rules) {
        Set<String> selectors = new TreeSet<>();
        List<String> all = new ArrayList<>(expressions);
        rules.forEach(rule -> all.add(rule.query()));
        for (String expression : all) {
            SELECTOR.matcher(expression).results().forEach(match -> selectors.add(match.group()));
        }
        assertThat(selectors).hasSizeGreaterThan(50);
        return selectors;
    }

    private static List<String> empty(Prometheus prometheus, Set<String> expressions) throws IOException {
        List<String> empty = new ArrayList<>();
        for (String expression : expressions) {
            if (prometheus.series(expression) == 0) {
                empty.add(expression);
            }
        }
        return empty;
    }
}
