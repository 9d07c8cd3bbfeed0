/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class LocalStackTest {

    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @TempDir
    private Path folder;

    @Test
    void findsRecordsAndSchemaIdsAgainAfterARestartOnOtherPorts() throws Exception {
        // Given
        String firstAddress;
        String schema;
        try (LocalStack stack = LocalStack.start(Options.in(folder))) {
            firstAddress = stack.bootstrapServers();
            createTopic(stack);
            produce(stack, "before");
            register(stack, "filler-value", "{\"schema\":\"\\\"long\\\"\"}");
            schema = register(stack, "kept-value", "{\"schema\":\"\\\"string\\\"\"}");

            // When a second stack wants the same folder, Then it is refused by the process id
            assertThatThrownBy(() -> LocalStack.start(Options.in(folder)))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        int brokerPort = Ports.choose("test", 0);
        while (firstAddress.endsWith(":" + brokerPort)) { // chance takes the same one now and then
            brokerPort = Ports.choose("test", 0);
        }
        int registryPort = Ports.choose("test", 0);

        // When
        try (LocalStack stack = LocalStack.start(Options.in(folder).withPorts(brokerPort, registryPort))) {
            // Then
            assertThat(stack.bootstrapServers())
                    .isEqualTo("127.0.0.1:" + brokerPort)
                    .isNotEqualTo(firstAddress);
            assertThat(stack.registryUrl()).contains(":" + registryPort + "/");
            assertThat(register(stack, "kept-value", "{\"schema\":\"\\\"string\\\"\"}"))
                    .isEqualTo(schema);
            produce(stack, "after");
            assertThat(consumeTwo(stack)).containsExactly("before", "after");
        }
    }

    @Test
    void comesBackOnItsPortsAndDataAfterKillAndATemporaryOneLeavesNothingBehind() throws Exception {
        // Given
        LocalStack stack = LocalStack.temporary();
        createTopic(stack);
        produce(stack, "one");
        long firstBroker = stack.brokerPid();
        long firstRegistry = stack.registryPid();
        String schema = register(stack, "kept-value", "{\"schema\":\"\\\"string\\\"\"}");

        // When
        stack.killBroker();
        stack.killRegistry();
        assertThat(stack.isBrokerAlive()).isFalse();
        assertThat(stack.isRegistryAlive()).isFalse();
        stack.startBroker();
        stack.startRegistry();

        // Then
        assertThat(stack.brokerPid()).isNotEqualTo(firstBroker);
        assertThat(stack.registryPid()).isNotEqualTo(firstRegistry);
        produce(stack, "two");
        assertThat(consumeTwo(stack)).containsExactly("one", "two");
        assertThat(register(stack, "kept-value", "{\"schema\":\"\\\"string\\\"\"}"))
                .isEqualTo(schema);

        // When
        stack.close();

        // Then
        assertThat(Files.exists(stack.data())).isFalse();
        assertThat(isAlive(stack.brokerPid())).isFalse();
        assertThat(isAlive(stack.registryPid())).isFalse();
    }

    @Test
    void aTakenPortIsRefusedByNumberAndLeavesTheFolderFree() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, Ports.LOOPBACK)) {
            Options options = Options.in(folder).withPorts(taken.getLocalPort(), 0);
            // When // Then
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> LocalStack.start(options))
                        .isInstanceOf(StackException.class)
                        .hasMessageContaining("port " + taken.getLocalPort())
                        .hasMessageContaining("taken");
            }
        }
    }

    @Test
    void anOwnerHasTheStackBeforeAnythingRunsAndCanEndIt() {
        // Given
        Options options = Options.temporary();

        // When
        assertThatThrownBy(() -> LocalStack.start(options, stack -> {
                    stack.close();
                    throw new IllegalStateException("told to end");
                }))
                .hasMessage("told to end");

        // Then
        assertThat(options.data()).doesNotExist();
    }

    @Test
    void aBrokerThatDoesNotStartShowsTheEndOfItsLogAndNothingIsLeftRunning() {
        // Given
        Options options = Options.in(folder).withBrokerProperties(Map.of("num.io.threads", "-3"));
        // When // Then
        assertThatThrownBy(() -> LocalStack.start(options))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("Kafka broker ended with code")
                .hasMessageContaining(
                        folder.resolve("logs").resolve("broker.log").toString())
                .hasMessageContaining("num.io.threads");
        assertThat(ProcessHandle.current()
                        .children()
                        .map(child -> child.info().commandLine().orElse(""))
                        .filter(command -> command.contains(folder.toString())))
                .isEmpty();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void createTopic(LocalStack stack) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static void produce(LocalStack stack, String value) throws Exception {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "key", value))
                    .get();
        }
    }

    private static List<String> consumeTwo(LocalStack stack) {
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers());
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= 2;
            });
        }
        return values;
    }

    private static String register(LocalStack stack, String subject, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(stack.registryUrl() + "/subjects/" + subject + "/versions"))
                            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }
}
