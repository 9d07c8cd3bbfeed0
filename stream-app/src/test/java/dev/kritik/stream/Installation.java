/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.kritik.local.LocalStack;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

/** One set of topics on a real broker, with clients as a trainer has them. For one thread. */
final class Installation implements AutoCloseable {

    static final int PARTITIONS = 4;

    final Topics topics;
    final HttpSchemaRegistry registry;
    final LocalStack stack;
    private final Path stateDir;
    private final KafkaProducer<String, byte[]> producer;
    private final AvroSerializer<Rollout> rolloutBytes;
    private final KafkaConsumer<String, byte[]> rewards;
    private final AvroDeserializer<GroupReward> rewardBytes;
    private FakeWorker worker;
    /** All rewards that were read so far, committed ones only. */
    final List<GroupReward> read = new ArrayList<>();

    Installation(LocalStack stack, String prefix, Path stateDir) throws Exception {
        this.stack = stack;
        this.topics = new Topics(prefix);
        this.stateDir = stateDir;
        this.registry = new HttpSchemaRegistry(RegistryConfig.from(config()));
        try (var admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(topics.all().stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1)
                                    .configs(Map.of("max.message.bytes", "16777216")))
                            .toList())
                    .all()
                    .get();
        }
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stack.bootstrapServers(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        16_777_216),
                new StringSerializer(),
                new ByteArraySerializer());
        this.rolloutBytes = new AvroSerializer<>(registry, Rollout.class);
        this.rewardBytes = new AvroDeserializer<>(registry, GroupReward.class);
        this.rewards = reader(topics.rewards());
    }

    void startWorker() {
        worker = new FakeWorker(this);
    }

    Map<String, String> config() {
        return Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "topics.prefix",
                topics.prefix(),
                "registry.url",
                stack.registryUrl(),
                "registry.retries",
                "0",
                "registry.request.timeout.ms",
                "5000",
                StreamConfig.STATE_DIR,
                stateDir.toString(),
                StreamConfig.REPLICATION,
                "1",
                StreamConfig.K,
                "4");
    }

    Map<String, String> config(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(config());
        all.putAll(more);
        return all;
    }

    void publish(Rollout rollout) {
        publish(Keys.of(rollout.getJobId(), rollout.getGroupId()), rolloutBytes.serialize(topics.rollouts(), rollout));
    }

    void publish(String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topics.rollouts(), key, value));
    }

    void flush() {
        producer.flush();
    }

    /** Reads until something holds of the rewards, or the time is over. */
    void readUntil(Predicate<List<GroupReward>> enough, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!enough.test(read) && System.nanoTime() - end < 0) {
            rewards.poll(Duration.ofMillis(200))
                    .forEach(record -> read.add(rewardBytes.deserialize(record.topic(), record.value())));
        }
    }

    /** A reader of a whole topic from its beginning, of committed records only. */
    KafkaConsumer<String, byte[]> reader(String topic) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        consumer.assign(partitions);
        return consumer;
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.stop();
        }
        producer.close();
        rewards.close();
        registry.close();
    }
}
