/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

/** On a real broker and a real registry. */
class WorkerTest {

    private static final int PARTITIONS = 3;
    private static final int SAMPLES = 2;

    private final Topics topics = Cluster.freshTopics();
    private final SchemaRegistry registry = new HttpSchemaRegistry(
            RegistryConfig.from(Map.of("registry.url", Cluster.stack().registryUrl())));

    @BeforeEach
    void createTopics() throws Exception {
        Cluster.create(PARTITIONS, topics.all());
        Cluster.shareGroup(topics.prefix() + "kritik-workers", 2000, 5);
    }

    private Worker worker(String name, String source, Judging judging) {
        return new Worker(WorkerConfig.from(config(name, source)), registry, judging, new SimpleMeterRegistry());
    }

    private Map<String, String> config(String name, String source) {
        return Map.of(
                "kafka.bootstrap.servers",
                Cluster.stack().bootstrapServers(),
                "topics.prefix",
                topics.prefix(),
                "worker.name",
                name,
                "worker.source",
                source,
                "worker.slots",
                "4",
                "worker.backoff.ms",
                "50",
                "worker.backoff.max.ms",
                "500");
    }

    private Producer<byte[], byte[]> patientProducer() {
        return new KafkaProducer<>(Cluster.client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void request(int from, int to) throws Exception {
        var serializer = new AvroSerializer<>(registry, CritiqueRequest.class);
        try (Producer<byte[], byte[]> producer = patientProducer()) {
            for (int i = from; i < to; i++) {
                CritiqueRequest request = Requests.request("g" + i, i % PARTITIONS, SAMPLES);
                var unused = producer.send(new ProducerRecord<>(
                        topics.critiqueRequests(),
                        request.getRequestId().getBytes(StandardCharsets.UTF_8),
                        serializer.serialize(topics.critiqueRequests(), request)));
            }
            producer.flush();
        }
    }

    private static Set<String> expected(int requests) {
        Set<String> ids = new TreeSet<>();
        IntStream.range(0, requests)
                .forEach(i -> IntStream.range(0, SAMPLES).forEach(sample -> ids.add("g" + i + "/" + sample)));
        return ids;
    }

    private static final class Reader implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Reader(String topic) {
            Map<String, Object> config = new HashMap<>(Cluster.client());
            config.put("auto.offset.reset", "earliest");
            consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList());
        }

        List<ConsumerRecord<byte[], byte[]>> next() {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    /** Reads critiques until each of these samples has one; checks key and partition of all of them. */
    private List<Critique> readUntil(Set<String> wanted, Duration atMost) {
        var deserializer = new AvroDeserializer<>(registry, Critique.class);
        List<Critique> critiques = new ArrayList<>();
        Set<String> missing = new TreeSet<>(wanted);
        try (Reader reader = new Reader(topics.critiques())) {
            await().atMost(atMost).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : reader.next()) {
                    Critique critique = deserializer.deserialize(record.topic(), record.value());
                    assertThat(new String(record.key(), StandardCharsets.UTF_8))
                            .isEqualTo("job/" + critique.getGroupId());
                    int group = Integer.parseInt(critique.getGroupId().substring(1));
                    assertThat(record.partition()).isEqualTo(group % PARTITIONS);
                    missing.remove(critique.getGroupId() + "/" + critique.getSample());
                    critiques.add(critique);
                }
                return missing.isEmpty();
            });
        }
        return critiques;
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "classic"})
    void answersEachSampleOnceAndPutsPoisonAside(String source) throws Exception {
        // Given
        request(0, 40);
        byte[] poison = "not avro".getBytes(StandardCharsets.UTF_8);
        try (Producer<byte[], byte[]> producer = patientProducer()) {
            producer.send(new ProducerRecord<>(topics.critiqueRequests(), poison))
                    .get();
        }
        request(40, 80);

        // When
        try (Worker worker = worker("w1", source, new Requests.InstantJudging())) {
            worker.start();

            // Then
            List<Critique> critiques = readUntil(expected(80), Duration.ofSeconds(30));
            assertThat(critiques).hasSize(80 * SAMPLES);
            assertThat(critiques).extracting(Critique::getWorker).containsOnly("w1");
            assertThat(critiques).extracting(Critique::getDelivery).containsOnly(source.equals("classic") ? 0 : 1);
            assertThat(worker.ready()).isTrue();
            try (Reader reader = new Reader(topics.deadLetters())) {
                List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
                await().until(() -> letters.addAll(reader.next()));
                assertThat(letters).hasSize(1);
                assertThat(letters.getFirst().value()).isEqualTo(poison);
                assertThat(letters.getFirst()
                                .headers()
                                .lastHeader(DeadLetter.REASON)
                                .value())
                        .isEqualTo("NOT_FRAMED".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Takes a while, as a judge does. */
    private static final class SlowJudging implements Judging {
        private final Judging instant = new Requests.InstantJudging();

        @Override
        public CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink) {
            return CompletableFuture.runAsync(
                    () -> instant.critique(request, delivery, sink).join(),
                    CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
        }

        @Override
        public void fail(
                CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> sink) {
            instant.fail(request, delivery, reason, detail, sink);
        }
    }

    @Test
    void answersEverySampleAlthoughTheBrokerIsKilledMidway() throws Exception {
        surviveTheBroker("share");
    }

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void answersEverySampleAlthoughTheBrokerIsKilledMidwayAsAConsumerGroupToo() throws Exception {
        surviveTheBroker("classic");
    }

    private void surviveTheBroker(String source) throws Exception {
        // Given
        int requests = 200;
        request(0, requests);
        try (Worker worker = worker("w1", source, new SlowJudging())) {
            worker.start();
            Set<String> some = new TreeSet<>(expected(requests));
            readUntil(Set.of(some.iterator().next()), Duration.ofSeconds(30));

            // When
            Cluster.stack().killBroker();
            Cluster.stack().startBroker();

            // Then
            readUntil(expected(requests), Duration.ofSeconds(60));
            await().atMost(Duration.ofSeconds(20)).until(worker::ready);
        }
    }

    /** Never answers; says when it has been asked. */
    private static final class StuckJudging implements Judging {
        private final CompletableFuture<Void> asked = new CompletableFuture<>();

        @Override
        public CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink) {
            asked.complete(null);
            return new CompletableFuture<>();
        }

        @Override
        public void fail(
                CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> sink) {
            throw new IllegalStateException("nothing may be given up");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"share", "classic"})
    void aWorkerWhoseModelIsGoneEndsByItselfAndLeavesItsRequestsToOthers(String source) throws Exception {
        // Given
        request(0, 20);
        StuckJudging judging = new StuckJudging();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        WorkerConfig config = WorkerConfig.from(config("w1", source));
        try (Worker worker = new Worker(
                config,
                registry,
                judging,
                new SimpleMeterRegistry(),
                List.of(),
                List.of(new CompletableFuture<>(), gone))) {
            worker.start();
            judging.asked.get(30, TimeUnit.SECONDS);
            assertThat(worker.stopped()).isNotCompleted();

            // When
            gone.complete(null);

            // Then
            worker.stopped().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(worker.ready()).isFalse();
            try (Worker other = worker("w2", source, new Requests.InstantJudging())) {
                other.start();
                List<Critique> critiques = readUntil(expected(20), Duration.ofSeconds(60));
                assertThat(critiques).hasSize(20 * SAMPLES);
                assertThat(critiques).extracting(Critique::getWorker).containsOnly("w2");
            }
        }
    }

    @Test
    void twoWorkersShareTheWork() throws Exception {
        // Given
        try (Worker first = worker("w1", "share", new SlowJudging());
                Worker second = worker("w2", "share", new SlowJudging())) {
            first.start();
            second.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> first.ready() && second.ready());

            // When
            request(0, 100);

            // Then
            List<Critique> critiques = readUntil(expected(100), Duration.ofSeconds(30));
            assertThat(critiques).extracting(Critique::getWorker).contains("w1", "w2");
            assertThat(critiques).hasSize(100 * SAMPLES);
        }
    }
}
