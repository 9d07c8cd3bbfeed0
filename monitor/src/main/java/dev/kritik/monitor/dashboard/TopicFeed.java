/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.kritik.monitor.watch.Watch;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryUnavailableException;

/**
 * Reads all topics into the {@link Watch}, from the begin of its window on; committed records only. Whatever goes wrong is
 * said there and tried again: a dashboard must not die of what it should show. One thread of its own.
 */
final class TopicFeed implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicFeed.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 2_000;
    private static final long PROBE_MS = 5_000;
    private static final long LOOK_MS = 60_000;

    private final KafkaSettings kafka;
    private final Intake intake;
    private final Watch watch;
    private final long windowMs;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("kritik-dashboard-reader").daemon().unstarted(this::run);
    private volatile Consumer<byte[], byte[]> consumer;

    private Map<TopicPartition, Long> toCatchUp = Map.of();
    private long probedMs;
    private long lookedMs;

    TopicFeed(KafkaSettings kafka, Intake intake, Watch watch, long windowMs, InstantSource clock) {
        this.kafka = kafka;
        this.intake = intake;
        this.watch = watch;
        this.windowMs = windowMs;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    private Map<String, Object> settings() {
        return kafka.with(Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                "kritik-dashboard",
                // Only what others may read, too: an aborted reward is none.
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // No group, for it only looks on: nothing to commit.
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // Whoever lags behind retention goes on with the oldest that is there.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                // A mistyped prefix must not make topics.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // So that the page soon says that no broker answers.
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()));
    }

    private void run() {
        while (!isClosing()) {
            try (Consumer<byte[], byte[]> opened =
                    new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = opened;
                if (isClosing()) {
                    return;
                }
                begin(opened);
                while (!isClosing()) {
                    turn(opened);
                }
            } catch (WakeupException e) {
                return;
            } catch (KafkaException | IllegalStateException e) {
                if (isClosing()) {
                    return;
                }
                trouble(e);
                pause();
            } finally {
                consumer = null;
            }
        }
    }

    private void trouble(RuntimeException e) {
        String why = e instanceof MissingTopic ? e.getMessage() : "Kafka does not answer: " + e.getMessage();
        LOGGER.atWarn().addKeyValue("failure", e.toString()).log("the topics can't be read; tries again");
        watch.reading(false, why);
    }

    private void begin(Consumer<byte[], byte[]> from) {
        long now = clock.millis();
        Set<TopicPartition> partitions = partitions(from);
        from.assign(partitions);
        Map<TopicPartition, Long> ends = from.endOffsets(partitions);
        seekTo(from, partitions, ends, now - windowMs);
        toCatchUp = new HashMap<>(ends);
        lookedMs = now;
        probedMs = now;
    }

    /** After a failure it goes on where it was; where nothing was taken yet, the window is read as at the start. */
    private void seekTo(
            Consumer<byte[], byte[]> from,
            Set<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            long sinceMs) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, sinceMs));
        Map<TopicPartition, OffsetAndTimestamp> found = from.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            Long next = intake.next(partition);
            OffsetAndTimestamp first = found.get(partition);
            from.seek(partition, next != null ? next : first == null ? ends.get(partition) : first.offset());
        }
    }

    private void turn(Consumer<byte[], byte[]> from) {
        lookForPartitions(from);
        for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
            take(record);
        }
        if (!toCatchUp.isEmpty()) {
            toCatchUp.entrySet().removeIf(end -> from.position(end.getKey()) >= end.getValue());
            watch.reading(toCatchUp.isEmpty(), null);
            return;
        }
        probe(from);
    }

    /** A consumer says nothing when no broker answers: it brings no records, as on quiet topics. */
    private void probe(Consumer<byte[], byte[]> from) {
        long now = clock.millis();
        if (now - probedMs >= PROBE_MS && !from.assignment().isEmpty()) {
            var unused = from.endOffsets(Set.of(from.assignment().iterator().next()));
            probedMs = clock.millis();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        while (!isClosing()) {
            try {
                intake.take(record, clock.millis());
                return;
            } catch (RegistryUnavailableException e) {
                LOGGER.atWarn().addKeyValue("failure", e.getMessage()).log("waits for the schema registry");
                watch.reading(false, "The schema registry does not answer: " + e.getMessage());
                pause();
            }
        }
    }

    /** All partitions: old ones go on where they are, new ones begin at their beginning. */
    private void lookForPartitions(Consumer<byte[], byte[]> from) {
        long now = clock.millis();
        if (now - lookedMs < LOOK_MS) {
            return;
        }
        lookedMs = now;
        Set<TopicPartition> added = new HashSet<>(partitions(from));
        added.removeAll(from.assignment());
        if (!added.isEmpty()) {
            Set<TopicPartition> all = new HashSet<>(from.assignment());
            all.addAll(added);
            from.assign(all);
            from.seekToBeginning(added);
        }
    }

    private Set<TopicPartition> partitions(Consumer<byte[], byte[]> from) {
        Set<TopicPartition> all = new HashSet<>();
        for (String topic : kafka.topics().all()) {
            List<PartitionInfo> found = from.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new MissingTopic(
                        "There is no topic '" + topic + "', or it may not be read. 'kritik topics check' looks,"
                                + " 'kritik topics create' makes it.");
            }
            found.forEach(info -> all.add(new TopicPartition(topic, info.partition())));
        }
        return all;
    }

    private static final class MissingTopic extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        MissingTopic(String message) {
            super(message);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            var unused = closing.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops reading; returns when it has stopped. */
    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        if (!thread.isAlive()) { // over, or never started
            return;
        }
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
