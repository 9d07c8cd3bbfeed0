/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRefusedException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * Writes whole groups of rollouts: all groups of a call become visible together, or none does. Of all processes with one
 * transactional id only the one that was opened last can write; what an earlier one had begun is gone, or was whole, before
 * {@link #open} returns. For one thread.
 */
public final class GroupWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

    /** How long brokers and registry may be away: long enough to be started again. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Far above any sensible rollout: the broker and the stream application say what is too large. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private static final int BLOCK_MS = 10_000;
    private static final int REQUEST_MS = 15_000;
    private static final int DELIVERY_MS = 40_000;
    static final int TRANSACTION_MS = 60_000;
    private static final long PAUSE_NANOS = 500_000_000;

    private final Producer<String, byte[]> producer;
    private final AvroSerializer<Rollout> values;
    private final AutoCloseable registry;
    private final String topic;
    private final String transactionalId;
    private final Transactions transactions;

    private GroupWriter(
            Producer<String, byte[]> producer,
            SchemaRegistry schemas,
            AutoCloseable registry,
            String topic,
            String transactionalId,
            Duration patience) {
        this.producer = producer;
        this.values = new AvroSerializer<>(schemas, Rollout.class);
        this.registry = registry;
        this.topic = topic;
        this.transactionalId = transactionalId;
        this.transactions = new Transactions(producer, transactionalId, patience);
    }

    /**
     * Opens a writer, and puts an end to all others with the same transactional id.
     *
     * @param config {@code kafka.*}, {@code registry.*} and {@code topics.prefix}, as for all parts of Kritik; other keys are
     *     passed over
     * @param transactionalId the same each time that a run is started, such as the job's id with a word before it; unique in
     *     the cluster
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     * @throws ClientException if the topic is not there, writing is not allowed, or no broker answers for two minutes
     */
    public static GroupWriter open(Map<String, String> config, String transactionalId) {
        KafkaSettings kafka = KafkaSettings.from(config);
        Map<String, String> own = new HashMap<>(config);
        // The writer itself tries again, and looks at its time in between.
        own.put(RegistryConfig.RETRIES, "0");
        var registry = new HttpSchemaRegistry(RegistryConfig.from(own));
        try {
            return open(
                    new KafkaProducer<>(
                            settings(kafka, transactionalId), new StringSerializer(), new ByteArraySerializer()),
                    registry,
                    registry,
                    kafka.topics().rollouts(),
                    transactionalId,
                    PATIENCE);
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    private static Map<String, Object> settings(KafkaSettings kafka, String transactionalId) {
        return kafka.writingRollouts(
                "kritik-client-writer",
                Map.of(
                        // Whole groups or none; and a process that was thought dead writes nothing more.
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES,
                        // A transaction that its process left open holds up all readers of its partitions for so long.
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_MS,
                        // Must be over before the coordinator ends the transaction, so that it is we who end it; a
                        // broker that is started again is back by then.
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        DELIVERY_MS,
                        // Must be shorter than the above.
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_MS,
                        // What blocks is tried again by us, which looks at the time.
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        BLOCK_MS));
    }

    /** The same with a producer and a registry, which are closed with the writer, and if it can't be opened. */
    static GroupWriter open(
            Producer<String, byte[]> producer,
            SchemaRegistry schemas,
            AutoCloseable registry,
            String topic,
            String transactionalId,
            Duration patience) {
        var writer = new GroupWriter(producer, schemas, registry, topic, transactionalId, patience);
        try {
            writer.begin();
            return writer;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private void begin() {
        long begun = System.nanoTime();
        try {
            // Kafka allows this again after a time-out, and takes it for the same call.
            transactions.untilAnswered(begun, producer::initTransactions);
            if (producer.partitionsFor(topic).isEmpty()) {
                throw Failures.noTopic(topic);
            }
        } catch (TimeoutException e) {
            throw Failures.noAnswer("to a writer of topic '" + topic + "' (or there is no such topic)", e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw Failures.fatal("to open a writer with transactional id '" + transactionalId + "'", e);
        }
    }

    /**
     * Writes groups, and returns when all of them are there for good. Brokers or a registry that don't answer are tried
     * again for two minutes.
     *
     * @param groups each with all its members
     * @throws IllegalArgumentException if a group is not whole, or not fit to be written; nothing has been written
     * @throws ClientException if they were not written. Where the message says that nobody knows, or this writer is at its
     *     end, open a new one, which settles it, and let a reader {@link GroupReader#catchUp look} which groups are there
     */
    public void write(List<List<Rollout>> groups) {
        transactions.requireUsable();
        GroupCheck.check(groups);
        if (groups.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        List<ProducerRecord<String, byte[]>> records = encode(groups, begun);
        while (true) {
            KafkaException aborted = transactions.attempt(records, begun);
            if (aborted == null) {
                return;
            }
            if (aborted instanceof RecordTooLargeException) {
                throw new IllegalArgumentException(
                        "a rollout is too large for topic '" + topic + "'; nothing was written: "
                                + aborted.getMessage(),
                        aborted);
            }
            if (!Transactions.isPassing(aborted)) {
                throw Failures.fatal("to write groups; nothing was written", aborted);
            }
            if (transactions.isOver(begun)) {
                throw Failures.noAnswer("to a writer of topic '" + topic + "', and nothing was written", aborted);
            }
            LOG.atWarn()
                    .addKeyValue("groups", groups.size())
                    .addKeyValue("failure", aborted.toString())
                    .log("a transaction was aborted; writes its groups again");
            Failures.pause(PAUSE_NANOS);
        }
    }

    /** Outside of any transaction, so that none stands open while the registry is asked. */
    private List<ProducerRecord<String, byte[]>> encode(List<List<Rollout>> groups, long begun) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (List<Rollout> group : groups) {
            for (Rollout rollout : group) {
                records.add(new ProducerRecord<>(
                        topic, Keys.of(rollout.getJobId(), rollout.getGroupId()), encode(rollout, begun)));
            }
        }
        return records;
    }

    private byte[] encode(Rollout rollout, long begun) {
        while (true) {
            try {
                return values.serialize(topic, rollout);
            } catch (RegistryUnavailableException e) {
                if (transactions.isOver(begun)) {
                    throw new ClientException("nothing was written: " + e.getMessage(), e);
                }
                LOG.atWarn().addKeyValue("failure", e.getMessage()).log("groups wait for the schema registry");
                Failures.pause(PAUSE_NANOS);
            } catch (SchemaRefusedException e) {
                throw new ClientException("nothing was written: " + e.getMessage(), e);
            } catch (SerializationException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /** Lets go of the connections. */
    @Override
    public void close() {
        producer.close(Duration.ofMillis(BLOCK_MS));
        try {
            registry.close();
        } catch (Exception e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("the connection to the registry could not be closed");
        }
    }
}
