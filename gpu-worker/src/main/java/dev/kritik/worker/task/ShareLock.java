/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.Optional;

/**
 * The lock on one record of a share group. Used by the thread of its consumer alone.
 *
 * <p>A record is renewed in exactly three steps: {@code acknowledge(RENEW)}, {@code commitSync}, a short {@code poll}.
 * Left to {@code poll} alone, the renewal would travel with a fetch that locks one further record on the broker, unseen
 * until its own lock has run out. After {@code commitSync} has confirmed it, {@code poll} only hands the same record out
 * again, and asks the broker for nothing.
 */
final class ShareLock {

    private static final int DEFAULT_LOCK_MILLIS = 30_000;
    private static final Duration HAND_OUT = Duration.ofMillis(50);

    private final ShareConsumer<byte[], byte[]> consumer;
    private final Task task;
    private final Duration renewEvery;
    private ConsumerRecord<byte[], byte[]> record;
    private long renewAt;

    /** The lock on a record that the last poll brought. */
    ShareLock(ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
        this.consumer = consumer;
        this.record = record;
        this.task = new Task(
                record.topic(),
                record.partition(),
                record.offset(),
                record.key(),
                record.value(),
                record.headers(),
                record.deliveryCount().map(Short::intValue).orElse(0));
        // A third: a renewal may fail to get through once, and be slow the next time, before the lock ends.
        this.renewEvery = Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS) / 3);
        this.renewAt = System.nanoTime() + renewEvery.toNanos();
    }

    Task task() {
        return task;
    }

    long nanosToRenewal() {
        return renewAt - System.nanoTime();
    }

    /**
     * Prolongs the lock by its whole duration.
     *
     * @return false when the record is ours no more
     * @throws KafkaException when the consumer is of no further use
     */
    boolean renew() {
        if (!commit(AcknowledgeType.RENEW)) {
            return false;
        }
        renewAt = System.nanoTime() + renewEvery.toNanos();
        boolean held = false;
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(HAND_OUT)) {
            if (found.offset() == record.offset() && found.partition() == record.partition()) {
                record = found;
                held = true;
            }
        }
        if (!held) {
            // Closing this consumer ends its session, and with it the locks on whatever it holds.
            throw new KafkaException("the consumer did not hand out " + task.id() + " again after its renewal");
        }
        return true;
    }

    /**
     * Ends the lock: ACCEPT, or RELEASE for a further delivery.
     *
     * @return false when the record had not been ours any more
     */
    boolean end(AcknowledgeType type) {
        return commit(type);
    }

    private boolean commit(AcknowledgeType type) {
        consumer.acknowledge(record, type);
        // Lost ownership stands in the map that commitSync returns; it does not throw it.
        var results = consumer.commitSync(renewEvery);
        Optional<KafkaException> failure = results.entrySet().stream()
                .filter(entry -> entry.getKey().partition() == record.partition())
                .findFirst()
                .orElseThrow(() -> new KafkaException("the broker did not answer the acknowledgement of " + task.id()))
                .getValue();
        return failure.isEmpty();
    }
}
