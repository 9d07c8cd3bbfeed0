/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.ops.client.Connection;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.serde.AvroDeserializer;

/** Follows the rewards while a run goes on, to know what is still open. */
final class Follower implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AvroDeserializer<GroupReward> values;
    private final String topic;
    private final Set<String> expected;
    private final AtomicLong rewards = new AtomicLong();
    private final List<Arrival> arrivals = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread = new Thread(this::run, "follower");
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param expected names of groups, from which those that have ended are taken
     */
    Follower(Connection connection, Set<String> expected) {
        this.topic = connection.topics().rewards();
        this.values = new AvroDeserializer<>(connection.registry(), GroupReward.class);
        this.expected = expected;
        this.consumer = connection.committedReader("kritik-faults", "earliest");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A reward that can be read.
     *
     * @param key job/group
     * @param ms when it was read, in epoch milliseconds
     */
    record Arrival(String key, long ms) {}

    /** When each of them came. */
    List<Arrival> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    /** Terminal records so far. */
    long rewards() {
        return rewards.get();
    }

    /** For how long none has come. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastNanos);
    }

    private void run() {
        try (consumer) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            consumer.assign(partitions.stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList());
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    GroupReward reward = values.deserialize(topic, record.value());
                    rewards.incrementAndGet();
                    lastNanos = System.nanoTime();
                    arrivals.add(
                            new Arrival(Keys.of(reward.getJobId(), reward.getGroupId()), System.currentTimeMillis()));
                    expected.remove(reward.getJobId() + "/" + reward.getGroupId() + "/" + reward.getGroupAttempt());
                }
            }
        } catch (WakeupException e) {
            // closed
        } catch (KafkaException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
