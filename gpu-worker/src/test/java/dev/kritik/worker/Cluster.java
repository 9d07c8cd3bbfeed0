/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.schema.Topics;

/** A real broker, one for all tests of this JVM, and what tests do with it. */
public final class Cluster {

    /** Started by the first who asks. */
    private static final class Holder {
        static final LocalStack STACK = start();

        private Holder() {}

        private static LocalStack start() {
            try {
                Map<String, String> properties = Map.of(
                        // Tests outlast a few locks; Kafka's shortest is 15 s.
                        "group.share.min.record.lock.duration.ms", "1000",
                        // A member gets its partitions with its second heartbeat: 5 s after the first by default.
                        "group.share.min.heartbeat.interval.ms", "500",
                        "group.share.heartbeat.interval.ms", "500");
                LocalStack stack = LocalStack.start(Options.in(Files.createTempDirectory("kritik-worker-"))
                        .withBrokerProperties(properties)
                        .thrownAway());
                Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
                return stack;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Cluster() {}

    /** The processes behind it, to be killed and started. */
    public static LocalStack stack() {
        return Holder.STACK;
    }

    public static Map<String, Object> client() {
        return Map.of("bootstrap.servers", stack().bootstrapServers());
    }

    /** Names of topics that no other test has. */
    public static Topics freshTopics() {
        return new Topics("t" + UUID.randomUUID().toString().substring(0, 8) + ".");
    }

    public static void create(int partitions, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(topic, Optional.of(partitions), Optional.empty()))
                            .toList())
                    .all()
                    .get();
        }
    }

    /** Sets a share group up as the bootstrap of an installation does, with a lock short enough for a test. */
    public static void shareGroup(String group, int lockMillis, int deliveries)
            throws ExecutionException, InterruptedException {
        Map<String, String> settings = Map.of(
                "share.auto.offset.reset",
                "earliest",
                "share.isolation.level",
                "read_committed",
                "share.record.lock.duration.ms",
                Integer.toString(lockMillis),
                "share.delivery.count.limit",
                Integer.toString(deliveries));
        List<AlterConfigOp> operations = settings.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin admin = Admin.create(client())) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), operations))
                    .all()
                    .get();
        }
    }

    public static Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
