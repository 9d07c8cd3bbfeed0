/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A share consumer with the rules of the real one (4.3.1) as far as a slot meets them, that writes down its calls. */
final class ScriptedShareConsumer extends MockShareConsumer<byte[], byte[]> {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Duration> polls = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ConsumerRecord<byte[], byte[]>> queued = new LinkedBlockingQueue<>();
    private final int lockMillis;
    private ConsumerRecord<byte[], byte[]> current;
    private AcknowledgeType acknowledged;
    private boolean renewed;
    volatile boolean ownershipLost;
    volatile RuntimeException failure;
    volatile boolean closed;

    ScriptedShareConsumer(int lockMillis) {
        this.lockMillis = lockMillis;
    }

    void queue(long offset, int delivery) {
        queued.add(new ConsumerRecord<>(
                Fixtures.TOPIC,
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty(),
                Optional.of((short) delivery)));
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // one thread polls, as with the real one
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (failure != null) {
            throw failure;
        }
        if (current != null && !renewed) {
            throw new IllegalStateException("All records must be acknowledged in explicit acknowledgement mode.");
        }
        polls.add(timeout);
        if (renewed) {
            calls.add("poll again");
            renewed = false;
        } else {
            try {
                current = queued.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        return current == null
                ? ConsumerRecords.empty()
                : new ConsumerRecords<>(
                        Map.of(new TopicPartition(current.topic(), current.partition()), List.of(current)), Map.of());
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        if (current == null || record.offset() != current.offset()) {
            throw new IllegalStateException("The record cannot be acknowledged.");
        }
        calls.add(type.name() + " " + record.offset());
        acknowledged = type;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
        calls.add("commit");
        renewed = acknowledged == AcknowledgeType.RENEW && !ownershipLost;
        ConsumerRecord<byte[], byte[]> record = current;
        if (!renewed) {
            current = null;
        }
        return Map.of(
                new TopicIdPartition(Uuid.ZERO_UUID, record.partition(), record.topic()),
                ownershipLost ? Optional.of(new InvalidRecordStateException("not yours")) : Optional.empty());
    }

    @Override
    public Optional<Integer> acquisitionLockTimeoutMs() {
        return Optional.of(lockMillis);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void close(Duration timeout) {
        closed = true;
    }
}
