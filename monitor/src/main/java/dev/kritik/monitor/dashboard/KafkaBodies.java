/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.GroupPlaces;
import dev.kritik.monitor.watch.Place;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;

/** Fetches records from their topics, a few callers at a time, each within a time and a number of bytes. */
final class KafkaBodies implements Bodies, AutoCloseable {

    private static final int AT_ONCE = 3;
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final String TRACE = "traceparent";

    private final Topics topics;
    private final AvroDeserializer<Rollout> rollouts;
    private final AvroDeserializer<Critique> critiques;
    private final AvroDeserializer<GroupReward> rewards;
    private final KafkaSettings kafka;
    /** Places for consumers; empty ones are opened when they are first needed. */
    private final BlockingQueue<Optional<Consumer<byte[], byte[]>>> free = new LinkedBlockingQueue<>();

    KafkaBodies(KafkaSettings kafka, SchemaRegistry registry) {
        this.kafka = kafka;
        this.topics = kafka.topics();
        this.rollouts = new AvroDeserializer<>(registry, Rollout.class);
        this.critiques = new AvroDeserializer<>(registry, Critique.class);
        this.rewards = new AvroDeserializer<>(registry, GroupReward.class);
        for (int i = 0; i < AT_ONCE; i++) {
            free.add(Optional.empty());
        }
    }

    private Consumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "kritik-dashboard-fetch",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        // It is told where to read, and commits nothing.
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        // What retention has deleted is said to be missing.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        // A person waits.
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) WAIT.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public Group group(GroupPlaces places) {
        Map<TopicPartition, List<Long>> wanted =
                new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        places.rollouts().forEach(place -> want(wanted, topics.rollouts(), place));
        places.critiques().forEach(place -> want(wanted, topics.critiques(), place));
        if (places.reward() != null) {
            want(wanted, topics.rewards(), places.reward());
        }
        int looked = wanted.values().stream().mapToInt(List::size).sum();
        List<ConsumerRecord<byte[], byte[]>> found = fetch(wanted);
        try {
            return group(found, looked);
        } catch (RegistryUnavailableException e) {
            throw new Unavailable("The schema registry does not answer; try again. (" + e.getMessage() + ")", e);
        }
    }

    private Group group(List<ConsumerRecord<byte[], byte[]>> found, int looked) {
        List<Rollout> members = read(found, topics.rollouts(), rollouts);
        members.sort(Comparator.comparingInt(Rollout::getIndex));
        List<Critique> written = read(found, topics.critiques(), critiques);
        List<GroupReward> ends = read(found, topics.rewards(), rewards);
        int read = members.size() + written.size() + ends.size();
        return new Group(members, written, ends.isEmpty() ? null : ends.getFirst(), looked - read, trace(found));
    }

    private static <T extends SpecificRecord> List<T> read(
            List<ConsumerRecord<byte[], byte[]>> found, String topic, AvroDeserializer<T> values) {
        List<T> read = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : found) {
            if (record.topic().equals(topic)) {
                read(record, values).ifPresent(read::add);
            }
        }
        return read;
    }

    /** Empty where it can't be read: it is counted as missing. */
    private static <T extends SpecificRecord> Optional<T> read(
            ConsumerRecord<byte[], byte[]> record, AvroDeserializer<T> values) {
        try {
            return Optional.of(values.deserialize(record.topic(), record.value()));
        } catch (UndecodableException e) {
            return Optional.empty();
        }
    }

    private static String trace(List<ConsumerRecord<byte[], byte[]>> found) {
        for (ConsumerRecord<byte[], byte[]> record : found) {
            Header header = record.headers().lastHeader(TRACE);
            if (header != null && header.value() != null) {
                return new String(header.value(), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    @Override
    public Optional<DeadLetter> deadLetter(Place place) {
        Map<TopicPartition, List<Long>> wanted = new TreeMap<>(Comparator.comparing(TopicPartition::topic));
        want(wanted, topics.deadLetters(), place);
        return fetch(wanted).stream().findFirst().map(record -> {
            Map<String, String> headers = new TreeMap<>();
            record.headers()
                    .forEach(header -> headers.put(
                            header.key(),
                            header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8)));
            return new DeadLetter(
                    headers,
                    record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                    record.value());
        });
    }

    private static void want(Map<TopicPartition, List<Long>> wanted, String topic, Place place) {
        wanted.computeIfAbsent(new TopicPartition(topic, place.partition()), same -> new ArrayList<>())
                .add(place.offset());
    }

    private List<ConsumerRecord<byte[], byte[]>> fetch(Map<TopicPartition, List<Long>> wanted) {
        Optional<Consumer<byte[], byte[]>> seat = take();
        try {
            Consumer<byte[], byte[]> consumer = seat.orElseGet(this::open);
            seat = Optional.of(consumer);
            return new Fetch(consumer, wanted).run();
        } catch (KafkaException e) {
            seat.ifPresent(Consumer::close);
            seat = Optional.empty();
            throw new Unavailable("Kafka does not answer; try again. (" + e.getMessage() + ")", e);
        } finally {
            free.add(seat);
        }
    }

    private Optional<Consumer<byte[], byte[]>> take() {
        try {
            Optional<Consumer<byte[], byte[]>> seat = free.poll(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (seat == null) {
                throw new Unavailable("Too many ask for groups at once; try again in a few seconds.", null);
            }
            return seat;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The dashboard is closing.", e);
        }
    }

    /** Waits for those who are at it. */
    @Override
    public void close() {
        for (int i = 0; i < AT_ONCE; i++) {
            try {
                Optional<Consumer<byte[], byte[]>> seat = free.poll(2 * WAIT.toMillis(), TimeUnit.MILLISECONDS);
                if (seat != null) {
                    seat.ifPresent(Consumer::close);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
