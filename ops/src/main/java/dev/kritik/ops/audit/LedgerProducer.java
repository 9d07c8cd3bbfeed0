/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.ops.audit.invariant.Fingerprint;
import dev.kritik.ops.audit.invariant.Send;
import dev.kritik.ops.client.Connection;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * Sends rollouts and keeps a ledger of it: a line before each sending, and another one when the brokers have answered. So
 * it is known afterwards what must be on the topic, what may be, and what can't be, however this process ended. The same
 * rollout sent twice is a duplicate, and stands in the ledger twice. Safe for use by many threads.
 */
public final class LedgerProducer implements AutoCloseable {

    private final Connection connection;
    private final Producer<byte[], byte[]> producer;
    private final AvroSerializer<Rollout> values;
    private final String topic;
    private final LedgerFile ledger;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private LedgerProducer(Connection connection, Producer<byte[], byte[]> producer, LedgerFile ledger) {
        this.connection = connection;
        this.producer = producer;
        this.values = new AvroSerializer<>(connection.registry(), Rollout.class);
        this.topic = connection.topics().rollouts();
        this.ledger = ledger;
    }

    /**
     * Opens a producer; nothing is connected yet. A ledger that exists is gone on with.
     *
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     * @throws dev.kritik.ops.cli.CommandFailed if the ledger can't be written to, or another process does
     */
    public static LedgerProducer open(Map<String, String> config, Path ledger) {
        Connection connection = new Connection(config);
        try {
            LedgerFile file = new LedgerFile(ledger, InstantSource.system());
            try {
                return new LedgerProducer(connection, connection.bytesProducer("kritik-ledger"), file);
            } catch (RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Sends a rollout without waiting for the answer. Waits only while the producer's memory is full, or nothing is known of
     * the topic; a failure then is one of this rollout, and stands in the ledger.
     *
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if the registry, asked once, gave no answer: nothing
     *     was sent, and nothing stands in the ledger
     */
    public void send(Rollout rollout) {
        send(rollout, values.serialize(topic, rollout));
    }

    /**
     * Sends a rollout as these bytes, which another version of the schema may have written.
     *
     * @param rollout what stands in them
     */
    public void send(Rollout rollout, byte[] value) {
        var member = new Send.Member(
                rollout.getJobId(),
                rollout.getGroupId(),
                rollout.getGroupAttempt(),
                rollout.getIndex(),
                rollout.getGroupSize(),
                rollout.getDeadlineMs());
        byte[] key = Keys.of(rollout.getJobId(), rollout.getGroupId()).getBytes(StandardCharsets.UTF_8);
        send(key, value, ledger.sent(member, Fingerprint.of(value)));
    }

    /**
     * Sends any bytes: what no rollout is, to see what becomes of it.
     *
     * @param key may be null
     * @param value may be null
     * @param why what is wrong with it, for the ledger
     */
    public void sendRaw(byte[] key, byte[] value, String why) {
        send(key, value, ledger.sent(Fingerprint.of(value), why));
    }

    private void send(byte[] key, byte[] value, long number) {
        sent.incrementAndGet();
        try {
            var unused = producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure == null) {
                    ledger.acknowledged(number, metadata.partition(), metadata.offset());
                    acknowledged.incrementAndGet();
                } else {
                    failed(number, failure);
                }
            });
        } catch (KafkaException e) {
            failed(number, e);
        }
    }

    private void failed(long number, Exception failure) {
        ledger.failed(number, failure);
        failed.incrementAndGet();
    }

    /** Waits until everything that was sent has its answer, at the latest when the producer gives it up. */
    public void flush() {
        producer.flush();
    }

    /** Records sent since this was opened. */
    public long sent() {
        return sent.get();
    }

    /** Those that the brokers have. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Those that the producer gave up. */
    public long failed() {
        return failed.get();
    }

    /** Those without an answer yet. */
    public long inDoubt() {
        return sent.get() - acknowledged.get() - failed.get();
    }

    /** Waits as {@link #flush} does, and closes producer and ledger. */
    @Override
    public void close() {
        try {
            producer.close();
        } finally {
            ledger.close();
            connection.close();
        }
    }
}
