/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

import dev.kritik.schema.config.KafkaSettings;

/**
 * Finds out when the first readable record at or after an offset was written: fetches it, and looks at its timestamp only.
 * Of one thread.
 */
final class OldestRecords implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * A place to look at.
     *
     * @param partition where
     * @param from the offset
     */
    record Place(TopicPartition partition, long from) {}

    /** Stands for a place after which there is nothing that may be read. */
    static final long NOTHING = Long.MIN_VALUE;

    private final KafkaConsumer<byte[], byte[]> consumer;

    OldestRecords(KafkaSettings kafka) {
        consumer = new KafkaConsumer<>(
                kafka.with(Map.ofEntries(
                        Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, "kritik-lag"),
                        // An aborted record waits for nobody.
                        Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                        // No group: nothing to commit.
                        Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                        // What retention has taken is gone: then the first that is left is the oldest.
                        Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                        // Only the first record of each partition is looked at...
                        Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1),
                        // ...so little is fetched; a larger batch comes as a whole all the same.
                        Map.entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024),
                        // Nothing new is waited for.
                        Map.entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50),
                        // A topic that was deleted meanwhile stays deleted.
                        Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false))),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * The timestamps of the records at these places, or of the next ones after them, in ms since 1970; {@link #NOTHING}
     * where the end is reached without one. Places that could not be looked at are missing.
     *
     * @param ends of all partitions that are named
     */
    Map<Place, Long> timestamps(Collection<Place> places, Map<TopicPartition, Long> ends, Answers answers) {
        Map<Place, Long> found = new HashMap<>();
        Queue<Place> left = new ArrayDeque<>(new HashSet<>(places));
        Set<String> denied = new HashSet<>();
        try {
            while (!left.isEmpty() && !answers.left().isZero()) {
                // A consumer stands at one place of a partition at a time: groups that differ take turns.
                Map<TopicPartition, Place> round = new HashMap<>();
                left.removeIf(place -> denied.contains(place.partition().topic())
                        || round.putIfAbsent(place.partition(), place) == null);
                read(round, ends, found, denied, answers);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            answers.problem("the oldest records can't be fetched", e);
        }
        if (!denied.isEmpty()) {
            answers.problem("how old the oldest records are can't be told: this user needs READ on topics " + denied);
        } else if (found.size() < Set.copyOf(places).size() && answers.left().isZero()) {
            answers.problem("how old the oldest records are can't be told for all groups: no answer in time");
        }
        return found;
    }

    private void read(
            Map<TopicPartition, Place> round,
            Map<TopicPartition, Long> ends,
            Map<Place, Long> found,
            Set<String> denied,
            Answers answers) {
        Set<TopicPartition> open = new HashSet<>(round.keySet());
        consumer.assign(open);
        consumer.resume(open); // those of the round before are paused still
        round.forEach((partition, place) -> consumer.seek(partition, place.from()));
        while (!open.isEmpty() && !answers.left().isZero()) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(shorter(POLL, answers.left()))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (open.remove(partition)) {
                        found.put(round.get(partition), record.timestamp());
                        consumer.pause(Set.of(partition)); // so that the next answer has room for others
                    }
                }
                open.removeIf(partition -> {
                    if (!atEnd(partition, ends.get(partition))) {
                        return false;
                    }
                    found.put(round.get(partition), NOTHING);
                    return true;
                });
            } catch (TopicAuthorizationException e) {
                denied.addAll(e.unauthorizedTopics());
                open.removeIf(partition -> denied.contains(partition.topic()));
                consumer.assign(open);
                open.forEach(partition ->
                        consumer.seek(partition, round.get(partition).from()));
            }
        }
    }

    private boolean atEnd(TopicPartition partition, long end) {
        try {
            return consumer.position(partition, Duration.ofMillis(1)) >= end;
        } catch (TimeoutException e) {
            return false; // it still looks for its place
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
