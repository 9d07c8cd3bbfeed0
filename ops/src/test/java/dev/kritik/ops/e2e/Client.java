/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

/** Writes rollouts to an installation, and reads everything that it has committed. */
final class Client implements AutoCloseable {

    private final Map<String, String> config;
    private final Topics topics;
    private final HttpSchemaRegistry registry;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroSerializer<Rollout> rollouts;
    private final AvroDeserializer<Rollout> published;
    private final AvroDeserializer<GroupReward> rewards;

    Client(Map<String, String> config) {
        this.config = config;
        topics = new Topics(config.getOrDefault("topics.prefix", ""));
        registry = new HttpSchemaRegistry(RegistryConfig.from(config));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", config.get("kafka.bootstrap.servers"), "max.request.size", 16 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        rollouts = new AvroSerializer<>(registry, Rollout.class);
        published = new AvroDeserializer<>(registry, Rollout.class);
        rewards = new AvroDeserializer<>(registry, GroupReward.class);
    }

    Topics topics() {
        return topics;
    }

    void publish(Rollout rollout) {
        publishAll(List.of(rollout));
    }

    /** Writes rollouts, and waits until they are there. */
    void publishAll(List<Rollout> all) {
        all.stream()
                .map(rollout -> send(
                        Keys.of(rollout.getJobId(), rollout.getGroupId()),
                        rollouts.serialize(topics.rollouts(), rollout)))
                .toList()
                .forEach(Client::join);
    }

    /** Writes any bytes to the topic of rollouts, and waits until they are there. */
    void publish(String key, byte[] value) {
        join(send(key, value));
    }

    private Future<?> send(String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topics.rollouts(), key.getBytes(UTF_8), value));
    }

    private static void join(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All committed terminal records, duplicates too, by job/group/attempt. */
    Map<String, List<GroupReward>> rewards() {
        Map<String, List<GroupReward>> byGroup = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed(topics.rewards())) {
            GroupReward reward = rewards.deserialize(record.topic(), record.value());
            byGroup.computeIfAbsent(
                            reward.getJobId() + "/" + reward.getGroupId() + "/" + reward.getGroupAttempt(),
                            group -> new ArrayList<>())
                    .add(reward);
        }
        return byGroup;
    }

    /** The traces of all committed records whose key holds this, by the name of the topic without the prefix. */
    Map<String, List<TraceContext>> traces(String inKey) {
        Map<String, List<TraceContext>> byTopic = new TreeMap<>();
        for (String topic : topics.all()) {
            for (ConsumerRecord<byte[], byte[]> record : committed(topic)) {
                if (record.key() != null && new String(record.key(), UTF_8).contains(inKey)) {
                    byTopic.computeIfAbsent(topic.substring(topics.prefix().length()), name -> new ArrayList<>())
                            .add(TraceHeaders.of(record.headers()).orElseThrow());
                }
            }
        }
        return byTopic;
    }

    /** Indices of all committed rollouts, repeated ones too, by job/group/attempt. */
    Map<String, List<Integer>> rollouts() {
        Map<String, List<Integer>> byGroup = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed(topics.rollouts())) {
            Rollout rollout = published.deserialize(record.topic(), record.value());
            byGroup.computeIfAbsent(
                            rollout.getJobId() + "/" + rollout.getGroupId() + "/" + rollout.getGroupAttempt(),
                            group -> new ArrayList<>())
                    .add(rollout.getIndex());
        }
        return byGroup;
    }

    /** Waits until that many groups have a terminal record, and returns all. */
    Map<String, List<GroupReward>> awaitGroups(int groups, Duration patience) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> rewards().size() >= groups);
        return rewards();
    }

    /** Waits for the terminal record of one group, and returns it; fails when there are several. */
    GroupReward awaitReward(String jobId, String groupId, Duration patience) {
        String group = jobId + "/" + groupId + "/0";
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> rewards().containsKey(group));
        assertThat(rewards().get(group)).hasSize(1);
        return rewards().get(group).getFirst();
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return committed(topics.deadLetters());
    }

    /** Where each partition of all topics ends now. */
    Map<TopicPartition, Long> ends() {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", config.get("kafka.bootstrap.servers")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.endOffsets(topics.all().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList());
        }
    }

    /** Everything that is committed on a topic now. */
    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        config.get("kafka.bootstrap.servers"),
                        "isolation.level",
                        "read_committed",
                        "max.poll.records",
                        "10000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
    }
}
