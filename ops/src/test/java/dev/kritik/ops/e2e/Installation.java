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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import dev.kritik.local.LocalStack;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamApp;
import dev.kritik.worker.Worker;

/**
 * A whole installation for one test class: topics of its own on a real broker and a real registry, which all test classes
 * of this JVM share; stream-app and workers run in this JVM.
 */
final class Installation implements AutoCloseable {

    private static LocalStack stack;

    private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + ".";
    private final Topics topics = new Topics(prefix);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, String> config = new TreeMap<>();
    private final HttpSchemaRegistry registry;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroSerializer<Rollout> rollouts;
    private final AvroDeserializer<GroupReward> rewards;

    Installation(Map<String, String> settings) {
        config.putAll(Map.of(
                "kafka.bootstrap.servers", stack().bootstrapServers(),
                "registry.url", stack().registryUrl(),
                "topics.prefix", prefix,
                "topics.partitions", "2",
                "topics.replication", "1",
                "stream.replication", "1",
                "stream.state.dir", folder().toString(),
                "worker.shutdown.grace.ms", "1000"));
        config.putAll(settings);
        Bootstrap.run(config, Bootstrap.Mode.CREATE)
                .forEach(finding -> assertThat(finding.state().good())
                        .as("%s: %s", finding.thing(), finding.detail())
                        .isTrue());
        registry = open(new HttpSchemaRegistry(RegistryConfig.from(config)));
        producer = open(new KafkaProducer<>(
                Map.of("bootstrap.servers", stack().bootstrapServers(), "max.request.size", 16 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
        rollouts = new AvroSerializer<>(registry, Rollout.class);
        rewards = new AvroDeserializer<>(registry, GroupReward.class);
    }

    /** The broker and the registry of this JVM; they die with it. */
    static synchronized LocalStack stack() {
        if (stack == null) {
            stack = LocalStack.temporary();
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
        }
        return stack;
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("kritik-e2e-");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    Topics topics() {
        return topics;
    }

    Map<String, String> config() {
        return Map.copyOf(config);
    }

    RecordedJudge judge(JudgeOptions options) {
        try {
            return open(RecordedJudge.start(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StreamApp stream() {
        StreamApp app = open(new StreamApp(config()));
        app.start();
        await().atMost(Duration.ofSeconds(60)).until(app::ready);
        return app;
    }

    Worker worker(String judgeUrl, String model, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(config);
        all.putAll(Map.of("judge.openai.url", judgeUrl, "judge.openai.model", model, "worker.name", "worker-" + model));
        all.putAll(settings);
        Worker worker = open(Worker.open(all));
        worker.start();
        await().atMost(Duration.ofSeconds(60)).until(worker::ready);
        return worker;
    }

    void publish(Rollout rollout) {
        publish(Keys.of(rollout.getJobId(), rollout.getGroupId()), rollouts.serialize(topics.rollouts(), rollout));
    }

    /** Writes any bytes to the topic of rollouts, and waits until they are there. */
    void publish(String key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topics.rollouts(), key == null ? null : key.getBytes(UTF_8), value))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void publishAll(List<Rollout> all) {
        all.forEach(rollout -> producer.send(new ProducerRecord<>(
                topics.rollouts(),
                Keys.of(rollout.getJobId(), rollout.getGroupId()).getBytes(UTF_8),
                rollouts.serialize(topics.rollouts(), rollout))));
        producer.flush();
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

    /** Waits until that many groups have a terminal record, and returns all. */
    Map<String, List<GroupReward>> awaitGroups(int groups, Duration patience) {
        await().atMost(patience).pollInterval(Duration.ofMillis(500)).until(() -> rewards().size() >= groups);
        return rewards();
    }

    /** Waits for the terminal record of one group, and returns it; fails when there are several. */
    GroupReward awaitReward(String jobId, String groupId, Duration patience) {
        String group = jobId + "/" + groupId + "/0";
        await().atMost(patience).pollInterval(Duration.ofMillis(200)).until(() -> rewards().containsKey(group));
        assertThat(rewards().get(group)).hasSize(1);
        return rewards().get(group).getFirst();
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return committed(topics.deadLetters());
    }

    /** Everything that is committed on a topic now. */
    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        stack().bootstrapServers(),
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
        for (AutoCloseable closeable : opened) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
