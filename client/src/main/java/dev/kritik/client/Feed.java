/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.RegistryUnavailableException;

/**
 * Reads both topics, and gives every record to the {@link Intake} once, however often brokers and registry have to be asked.
 * For one thread, except {@link #wakeup}.
 */
final class Feed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 500_000_000;
    private static final long LOOK_NANOS = 60_000_000_000L;

    /** Groups that have ended, and groups that have not, read ahead of what is handed out: one of them waits for the other. */
    private static final int MOST_ENDED = 1_000;

    private static final int MOST_GATHERED = 5_000;

    /** All rollouts up to here are to be read before the ends up to this number are taken for complete. */
    private record Barrier(Map<TopicPartition, Long> ends, long number) {}

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Intake intake;
    private final Join join;
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetAndMetadata> polledTo = new HashMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private Barrier barrier;
    private long lookedAt = System.nanoTime();
    private boolean topicMissed;

    /** A feed from a consumer that stands at its place, and is closed with the feed. */
    Feed(Consumer<byte[], byte[]> consumer, Topics topics, Intake intake, Join join) {
        this.consumer = consumer;
        this.topics = topics;
        this.intake = intake;
        this.join = join;
    }

    /** Ends an {@link #advance} that waits, or else the next one that would. From any thread. */
    void wakeup() {
        woken.set(true);
        consumer.wakeup();
    }

    /** Whether it was woken up since this was asked last. */
    boolean wasWoken() {
        return woken.getAndSet(false);
    }

    /**
     * Reads on a little.
     *
     * @param nanos how long to wait at most for something to read
     * @param all whether to read on however much is held already
     * @throws ClientException if no try will help
     */
    void advance(long nanos, boolean all) {
        try {
            if (polled.isEmpty()) {
                lookForPartitions();
                raiseBarrier();
                balance(all);
                ConsumerRecords<byte[], byte[]> records =
                        consumer.poll(Duration.ofNanos(Math.min(nanos, POLL.toNanos())));
                records.forEach(polled::add);
                polledTo.putAll(records.nextOffsets());
            }
            takePolled();
            passBarrier();
        } catch (WakeupException e) {
            woken.set(true);
        } catch (RegistryUnavailableException e) {
            LOG.atWarn().addKeyValue("failure", e.getMessage()).log("a record waits for the schema registry");
            Failures.pause(Math.min(nanos, PAUSE_NANOS));
        } catch (OffsetOutOfRangeException e) {
            TopicPartition partition = e.partitions().iterator().next();
            long offset = e.offsetOutOfRangePartitions().get(partition);
            throw Failures.gone(partition.topic(), partition.partition(), offset, "others");
        } catch (InterruptException e) {
            throw e;
        } catch (RetriableException e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("the brokers do not answer; tries again");
            Failures.pause(Math.min(nanos, PAUSE_NANOS));
        } catch (KafkaException e) {
            throw Failures.fatal("to read the topics", e);
        }
    }

    /** A record leaves the queue when it has been taken, so that none is passed over while the registry is down. */
    private void takePolled() {
        while (!polled.isEmpty()) {
            intake.take(polled.peek());
            polled.remove();
        }
        polledTo.forEach((partition, next) -> read(partition, next.offset()));
        polledTo.clear();
    }

    private void read(TopicPartition partition, long offset) {
        if (partition.topic().equals(topics.rewards())) {
            join.rewardsRead(partition.partition(), offset);
        } else {
            join.rolloutsRead(partition.partition(), offset);
        }
    }

    /** Whether all before these offsets has been read. */
    boolean isRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> end.getValue() <= readTo(end.getKey()));
    }

    private long readTo(TopicPartition partition) {
        return partition.topic().equals(topics.rewards())
                ? join.rewardsRead(partition.partition())
                : join.rolloutsRead(partition.partition());
    }

    /** The end of each partition now; empty when no broker says. */
    Optional<Map<TopicPartition, Long>> ends() {
        return ends(consumer.assignment());
    }

    private Optional<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions) {
        try {
            return Optional.of(consumer.endOffsets(partitions, ASK));
        } catch (WakeupException e) {
            woken.set(true);
        } catch (RetriableException e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("no broker says where the topics end; tries again");
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw Failures.fatal("to tell where the topics end", e);
        }
        return Optional.empty();
    }

    /** If a group has ended whose rollouts are not here yet: up to where are they to be looked for? */
    private void raiseBarrier() {
        long number = join.blocked();
        if (barrier == null && number > 0) {
            Set<TopicPartition> rollouts = new HashSet<>(consumer.assignment());
            rollouts.removeIf(partition -> !partition.topic().equals(topics.rollouts()));
            barrier = ends(rollouts).map(ends -> new Barrier(ends, number)).orElse(null);
        }
    }

    private void passBarrier() {
        if (barrier != null && isRead(barrier.ends())) {
            join.settle(barrier.number());
            barrier = null;
        }
    }

    /** Neither topic is read far ahead of the other. */
    private void balance(boolean all) {
        pause(topics.rewards(), !all && join.endsKept() >= MOST_ENDED);
        pause(topics.rollouts(), !all && join.endsKept() == 0 && join.gathered() >= MOST_GATHERED);
    }

    private void pause(String topic, boolean pause) {
        List<TopicPartition> partitions = consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
        if (pause) {
            consumer.pause(partitions);
        } else {
            consumer.resume(partitions);
        }
    }

    /** Partitions that were added are read from their beginning. The client asks the brokers every few minutes. */
    private void lookForPartitions() {
        if (System.nanoTime() - lookedAt < LOOK_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        boolean missed = false;
        for (String topic : List.of(topics.rewards(), topics.rollouts())) {
            List<TopicPartition> found = Beginning.find(consumer, topic);
            // A broker that has just started may not know its topics yet: once is no proof.
            if (found.isEmpty() && topicMissed) {
                throw Failures.noTopic(topic);
            }
            missed |= found.isEmpty();
            all.addAll(found);
        }
        topicMissed = missed;
        Set<TopicPartition> added = new HashSet<>(all);
        added.removeAll(consumer.assignment());
        if (!added.isEmpty()) {
            consumer.assign(all);
            added.forEach(partition -> {
                consumer.seek(partition, 0);
                read(partition, 0);
            });
            LOG.atInfo().addKeyValue("partitions", added).log("reads new partitions too");
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
