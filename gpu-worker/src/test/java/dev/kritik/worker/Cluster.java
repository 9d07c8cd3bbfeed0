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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import dev.kritik.schema.Topics;

/** A real broker, one for all tests of this JVM, and what tests do with it. */
public final class Cluster {

    private static final String BOOTSTRAP = "127.0.0.1:29192";

    private Cluster() {}

    public static Map<String, Object> client() {
        return Map.of("bootstrap.servers", BOOTSTRAP);
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
