/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.local.Options;
import dev.kritik.local.Ports;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.local.RoleProcess;
import dev.kritik.schema.config.KafkaSettings;

/**
 * A whole installation with TLS, passwords and ACLs, as {@code kritik local --secured} runs it: each process under a user of its
 * own that may do what the list says.
 */
@EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
class LeastPrivilegesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static RecordedJudge judge;
    private static LocalCluster cluster;
    private static URI gateway;

    @BeforeAll
    static void start() throws Exception {
        judge = RecordedJudge.start(JudgeOptions.of(new SeededScores()));
        Map<String, String> settings = new TreeMap<>(Map.of(
                "worker.judge",
                "openai",
                "judge.openai.url",
                judge.url().toString(),
                "judge.openai.model",
                SeededScores.MODEL));
        cluster = LocalCluster.start(
                Options.in(folder.resolve("data")).withSecurity().thrownAway(), settings);
        cluster.startStream();
        cluster.startWorker();
        gateway = URI.create("http://127.0.0.1:" + Ports.free("test"));
        cluster.startGateway(Map.of("gateway.http.address", gateway.getAuthority()));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        judge.close();
    }

    private static Cli run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", cluster.configFile().toString()));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void theDemosGroupsAreJudgedAndEverythingThatLooksOnSeesThem() throws Exception {
        // Given
        Path queries = folder.resolve("queries.jsonl");
        try (InputStream in = LeastPrivilegesTest.class.getResourceAsStream("/demo/queries.jsonl")) {
            Files.copy(in, queries);
        }
        // When
        Cli published = run("rollouts", "publish", queries.toString(), "--job", "demo", "--k", "2");
        Cli rewards = run("rewards", "tail", "--job", "demo", "--follow", "--count", "7", "--json");
        // Then
        assertThat(published.code()).as(published.err()).isZero();
        assertThat(rewards.code()).as(rewards.err()).isZero();
        assertThat(rewards.out().lines()).hasSize(7).allMatch(line -> line.contains("\"OK\""));

        // The rights are as they should be, as somebody sees who may only look
        Cli check = run("topics", "check");
        assertThat(check.code()).as(check.out()).isZero();
        assertThat(check.out()).contains("acls of registry (User:registry): 13 rights");

        // Lag
        Cli lag = run("lag", "--json");
        assertThat(lag.code()).as(lag.err()).isZero();
        assertThat(lag.out()).contains("kritik-stream", "kritik-workers").doesNotContain("problem");

        // Exports
        Cli export = run(
                "replay",
                "export",
                "--job",
                "demo",
                "--out",
                folder.resolve("export").toString());
        assertThat(export.code()).as(export.err()).isZero();

        // A rescore
        Cli rescore = run(
                "replay",
                "rescore",
                "again",
                "--job",
                "demo",
                "--k",
                "1",
                "--judge",
                "openai",
                "--url",
                judge.url().toString(),
                "--model",
                SeededScores.MODEL);
        assertThat(rescore.code()).as(rescore.err() + rescore.out()).isZero();
        assertThat(run("replay", "drop", "again", "--yes").code()).isZero();

        // Gateway, exporter and dashboard
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> judged = http.send(
                    HttpRequest.newBuilder(gateway.resolve("/v1/rewards?wait_s=60"))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"prompt\":\"figures\",\"responses\":[\"4\",\"5\"]}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(judged.statusCode()).as(judged.body()).isEqualTo(200);
            int exporter = Ports.free("test");
            cluster.startExporter(Map.of("telemetry.http.address", "127.0.0.1:" + exporter));
            awaitOk(http, "http://127.0.0.1:" + exporter + "/health/ready");
            int dashboard = Ports.free("test");
            cluster.startDashboard(Map.of("dashboard.http.address", "127.0.0.1:" + dashboard));
            awaitOk(http, "http://127.0.0.1:" + dashboard + "/health/ready");
        }
        assertThat(cluster.roles()).allMatch(RoleProcess::isAlive);
    }

    private static void awaitOk(HttpClient http, String uri) {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> http.send(
                                        HttpRequest.newBuilder(URI.create(uri)).build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    @ParameterizedTest
    @CsvSource({
        "kritik-worker, rewards",
        "kritik-worker, rollouts",
        "kritik-worker, critique-requests",
        "kritik-stream, critiques",
        "kritik-stream, rollouts",
        "kritik-gateway, rewards",
        "kritik-exporter, rewards",
        "kritik-dashboard, rollouts",
        "kritik-dashboard, critique-requests",
        "kritik-dashboard, critiques",
        "kritik-dashboard, rewards",
        "kritik-dashboard, dead-letters",
        "kritik-client, rewards",
        "registry, rewards",
    })
    void nobodyWritesWhatIsNotHisToWrite(String user, String topic) {
        try (var producer = new KafkaProducer<>(as(user), new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, new byte[0]))
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kritik-worker, rewards",
        "kritik-worker, critiques",
        "kritik-stream, rewards",
        "kritik-stream, critique-requests",
        "kritik-gateway, critiques",
        "kritik-exporter, rewards",
        "registry, rollouts",
    })
    void nobodyReadsWhatIsNotHisToRead(String user, String topic) {
        try (var consumer = new KafkaConsumer<>(as(user), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            assertThatThrownBy(() -> {
                        consumer.seekToBeginning(consumer.assignment());
                        long end = System.nanoTime() + PATIENCE.toNanos();
                        while (System.nanoTime() < end) {
                            consumer.poll(Duration.ofMillis(200));
                        }
                    })
                    .isInstanceOf(AuthorizationException.class);
        }
    }

    @Test
    void whoeverHasNoRightsSeesNothing() throws Exception {
        // Given
        cluster.stack().addUser("stranger", "let-me-in-please");
        // When, then
        try (Admin admin = Admin.create(as("stranger"))) {
            assertThat(admin.listTopics().names().get()).isEmpty();
            assertThat(admin.listGroups().all().get()).isEmpty();
            assertThatThrownBy(() -> admin.describeTopics(List.of("rewards"))
                            .allTopicNames()
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    private static Map<String, Object> as(String user) {
        return KafkaSettings.from(cluster.stack().clientSettings(user)).client();
    }
}
