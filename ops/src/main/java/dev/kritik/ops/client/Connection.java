/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerializer;

/** The way from a command to an installation: its brokers and its schema registry. */
public final class Connection implements AutoCloseable {

    /** Client id of readers that have no other. */
    static final String READER = "kritik-read";

    /** How long a command waits for brokers that don't answer, or a topic that is not there. */
    private static final int PATIENCE_MS = 20_000;

    /** How long a record is tried: brokers that are being replaced are back by then. */
    private static final int DELIVERY_MS = 60_000;

    /** Far above any sensible rollout: the broker and the stream application say what is too large. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private static final Map<String, Object> WRITING = Map.of(
            // Files are read faster than single records are sent.
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            MAX_REQUEST_BYTES,
            // The default of a minute is long for a person who mistyped a port.
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            PATIENCE_MS);

    private final KafkaSettings kafka;
    private final HttpSchemaRegistry registry;

    /**
     * Reads where the installation is; nothing is connected yet.
     *
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     */
    public Connection(Map<String, String> config) {
        for (String key : List.of(KafkaSettings.BOOTSTRAP_SERVERS, RegistryConfig.URL)) {
            if (config.getOrDefault(key, "").isBlank()) {
                throw new ConfigError("which installation? " + key + " is not given: use --bootstrap and --registry, or"
                        + " --config FILE (a running 'kritik local' has written one and prints its name)");
            }
        }
        this.kafka = KafkaSettings.from(config);
        this.registry = new HttpSchemaRegistry(RegistryConfig.from(config));
    }

    /** The names of the topics there. */
    public Topics topics() {
        return kafka.topics();
    }

    /** The registry there. */
    public HttpSchemaRegistry registry() {
        return registry;
    }

    /** A producer for the topic of rollouts. */
    public KafkaProducer<String, Rollout> rolloutProducer() {
        return new KafkaProducer<>(
                kafka.writingRollouts("kritik-publish", WRITING),
                new StringSerializer(),
                new AvroSerializer<>(registry, Rollout.class));
    }

    /**
     * A producer of bytes as they are: each record once, on all replicas, or a failure after a minute at most.
     *
     * @param clientId by which brokers know it
     */
    public KafkaProducer<byte[], byte[]> bytesProducer(String clientId) {
        Map<String, Object> settings = new HashMap<>(WRITING);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        return new KafkaProducer<>(
                kafka.writingRollouts(clientId, settings), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer without a group, which sees committed records only. Whoever lags behind retention goes on at the end. */
    KafkaConsumer<byte[], byte[]> committedReader() {
        return committedReader(READER, "latest");
    }

    /**
     * A consumer without a group, which sees committed records only.
     *
     * @param clientId by which brokers know it
     * @param reset what happens at an offset that does not exist any more: {@code none} to fail
     */
    public KafkaConsumer<byte[], byte[]> committedReader(String clientId, String reset) {
        return new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        clientId,
                        // The stream application writes in transactions: an aborted reward is none.
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        // No group: nothing to commit.
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        reset,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        PATIENCE_MS)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * The id by which the cluster is known, whatever its addresses are.
     *
     * @throws CommandFailed if the brokers don't answer
     */
    public String clusterId() {
        try (Admin admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS,
                // Must not be above the other.
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS)))) {
            return admin.describeCluster().clusterId().get();
        } catch (ExecutionException e) {
            throw new CommandFailed(
                    "Kafka does not say which cluster it is: is it running at the given address? ("
                            + e.getCause().getMessage() + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
