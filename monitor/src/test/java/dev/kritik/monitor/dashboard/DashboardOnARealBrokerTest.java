/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.kritik.local.LocalStack;
import dev.kritik.monitor.Given;
import dev.kritik.monitor.lag.LagSource;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerializer;

/** The dashboard against a real broker and a real registry; the roles are played by the test. */
@Timeout(120)
class DashboardOnARealBrokerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LagSource NO_LAG = List::of;

    private static LocalStack stack;
    private static HttpSchemaRegistry registry;
    private static KafkaProducer<String, byte[]> producer;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        stack = LocalStack.temporary();
        registry = new HttpSchemaRegistry(RegistryConfig.from(config("")));
        producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", stack.bootstrapServers(), "transactional.id", "the-roles"),
                new StringSerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterAll
    static void stop() {
        producer.close();
        registry.close();
        stack.close();
        CLIENT.close();
    }

    private static Map<String, String> config(String prefix) {
        return Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "registry.url",
                stack.registryUrl(),
                "topics.prefix",
                prefix,
                DashboardConfig.ADDRESS,
                "127.0.0.1:0");
    }

    private static void createTopics(Topics topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(topics.all().stream()
                            .map(name -> new NewTopic(name, 2, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private static <T extends SpecificRecord> ProducerRecord<String, byte[]> record(
            String topic, String group, Class<T> type, T value) {
        return new ProducerRecord<>(
                topic, Given.JOB + "/" + group, new AvroSerializer<>(registry, type).serialize(topic, value));
    }

    /** Everything of a group, its reward in a transaction that is aborted first. */
    private static void wholeGroup(Topics topics, String group) {
        long now = System.currentTimeMillis();
        producer.beginTransaction();
        for (int index = 0; index < 2; index++) {
            var rollout = record(topics.rollouts(), group, Rollout.class, Given.rollout(group, index, 2));
            rollout.headers().add("traceparent", "00-aa-bb-01".getBytes(StandardCharsets.UTF_8));
            var unused = producer.send(rollout);
        }
        var request = record(topics.critiqueRequests(), group, CritiqueRequest.class, Given.request(group, 2, 2, now));
        var asked = producer.send(request);
        for (int sample = 0; sample < 2; sample++) {
            Critique critique = Given.critique(group, sample, "Analysis of " + group, now, 30, 4, 8);
            var unused = producer.send(record(topics.critiques(), group, Critique.class, critique));
        }
        producer.commitTransaction();
        for (boolean commits : new boolean[] {false, true}) {
            producer.beginTransaction();
            GroupReward reward =
                    Given.reward(group, commits ? GroupStatus.OK : GroupStatus.FAILED, null, now - 100, now, 4.0, 8.0);
            var unused = producer.send(record(topics.rewards(), group, GroupReward.class, reward));
            producer.flush();
            if (commits) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
        assertThat(asked).isDone();
    }

    private static void deadLetter(Topics topics) {
        producer.beginTransaction();
        var dead = new ProducerRecord<>(topics.deadLetters(), "run-7/x", "no rollout".getBytes(StandardCharsets.UTF_8));
        Map.of(
                        DeadLetter.REASON,
                        "UNDECODABLE",
                        DeadLetter.DETAIL,
                        "the first byte is not 0",
                        DeadLetter.TOPIC,
                        topics.rollouts(),
                        DeadLetter.PARTITION,
                        "1",
                        DeadLetter.OFFSET,
                        "77")
                .forEach((name, value) -> dead.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        var unused = producer.send(dead);
        producer.commitTransaction();
    }

    private static HttpResponse<String> get(Dashboard dashboard, String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(dashboard.uri() + path)).build(), BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(Dashboard dashboard, String path) throws Exception {
        HttpResponse<String> answer = get(dashboard, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @Test
    void whatHappenedBeforeTheStartAndWhatHappensAfterItIsSeenOnce() throws Exception {
        // Given
        Topics topics = new Topics("seen.");
        createTopics(topics);
        wholeGroup(topics, "before");

        // When
        try (Dashboard dashboard = new Dashboard(config("seen."), NO_LAG)) {
            dashboard.start();
            await().atMost(PATIENCE).until(() -> get(dashboard, "/health/ready").statusCode() == 200);
            wholeGroup(topics, "after");
            deadLetter(topics);
            await().atMost(PATIENCE).until(() -> {
                JsonNode flow = json(dashboard, "/api/overview").path("flow");
                return flow.path("rewards").asInt() == 2 && flow.path("dead").asInt() == 1;
            });

            // Then
            JsonNode picture = json(dashboard, "/api/overview");
            assertThat(picture.path("open").path("groups").asInt()).isZero();
            assertThat(picture.path("flow").path("rollouts").asInt()).isEqualTo(4);
            assertThat(picture.path("flow").path("asked").asInt()).isEqualTo(4);
            assertThat(picture.path("flow").path("critiques").asInt()).isEqualTo(4);
            assertThat(picture.path("outcomes").toString()).contains("OK").doesNotContain("FAILED");
            JsonNode group = json(dashboard, "/api/group?job=run-7&group=before");
            assertThat(group.path("missing").asInt()).isZero();
            assertThat(group.path("responses").findValuesAsText("text")).containsExactly("answer 0", "answer 1");
            assertThat(group.path("samples").get(0).path("text").asText()).isEqualTo("Analysis of before");
            assertThat(group.path("end").path("status").asText()).isEqualTo("OK");
            assertThat(group.path("trace").asText()).isEqualTo("00-aa-bb-01");
            JsonNode letter =
                    json(dashboard, "/api/dead-letters").path("deadLetters").get(0);
            assertThat(letter.path("offset").asInt()).isEqualTo(77);
            String place = "partition=" + letter.path("place").path("partition").asInt() + "&offset="
                    + letter.path("place").path("offset").asInt();
            assertThat(json(dashboard, "/api/dead-letter?payload=true&" + place)
                            .path("value")
                            .path("text")
                            .asText())
                    .isEqualTo("no rollout");
            assertThat(get(dashboard, "/metrics").body())
                    .contains("kritik_ready{role=\"dashboard\"} 1")
                    .contains("jvm_memory");
        }
    }

    @Test
    void topicsThatAreNotThereAreSaidAndWaitedFor() throws Exception {
        // Given
        try (Dashboard dashboard = new Dashboard(config("late."), NO_LAG)) {
            dashboard.start();
            await().atMost(PATIENCE)
                    .until(() -> get(dashboard, "/health/ready").body().contains("late.rollouts"));
            assertThat(get(dashboard, "/health/live").statusCode()).isEqualTo(200);

            // When
            createTopics(new Topics("late."));

            // Then
            await().atMost(PATIENCE).until(() -> get(dashboard, "/health/ready").statusCode() == 200);
        }
    }
}
