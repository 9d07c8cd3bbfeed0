/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.kritik.monitor.watch.DeadLetterLine;
import dev.kritik.monitor.watch.Place;
import dev.kritik.monitor.watch.Watch;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;

/** Hands records to the {@link Watch}, each once. For one thread. */
final class Intake {

    private static final int KEY_CHARACTERS = 200;
    private static final int DETAIL_CHARACTERS = 2_000;

    private final Watch watch;
    private final Map<String, Taker> takers = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record, Place place, long nowMs);
    }

    private interface Use<T> {
        void use(T value, ConsumerRecord<byte[], byte[]> record, Place place, long nowMs);
    }

    Intake(Topics topics, SchemaRegistry registry, Watch watch) {
        this.watch = watch;
        takers.put(
                topics.rollouts(),
                reading(
                        registry,
                        Rollout.class,
                        (rollout, record, place, now) ->
                                watch.rollout(rollout, place, Math.min(record.timestamp(), now), now)));
        takers.put(
                topics.critiqueRequests(),
                reading(registry, CritiqueRequest.class, (request, record, place, now) -> watch.request(request, now)));
        takers.put(
                topics.critiques(),
                reading(
                        registry,
                        Critique.class,
                        (critique, record, place, now) -> watch.critique(critique, place, now)));
        takers.put(
                topics.rewards(),
                reading(registry, GroupReward.class, (reward, record, place, now) -> watch.reward(reward, place, now)));
        takers.put(topics.deadLetters(), (record, place, now) -> watch.deadLetter(line(record, place, now), now));
    }

    private static <T extends SpecificRecord> Taker reading(SchemaRegistry registry, Class<T> type, Use<T> use) {
        AvroDeserializer<T> values = new AvroDeserializer<>(registry, type);
        return (record, place, now) -> use.use(values.deserialize(record.topic(), record.value()), record, place, now);
    }

    /** The offset after the last one that was taken; null where none was. */
    Long next(TopicPartition partition) {
        return next.get(partition);
    }

    /**
     * Takes a record.
     *
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if the registry gave no answer; the record was not taken
     */
    void take(ConsumerRecord<byte[], byte[]> record, long nowMs) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Place place = new Place(record.partition(), record.offset());
        try {
            takers.get(record.topic()).take(record, place, nowMs);
        } catch (UndecodableException e) {
            // On rollouts the stream application puts it aside, and says why.
            watch.unreadable(record.topic(), Math.min(record.timestamp(), nowMs), nowMs);
        }
        next.put(partition, record.offset() + 1);
    }

    private static DeadLetterLine line(ConsumerRecord<byte[], byte[]> record, Place place, long nowMs) {
        return new DeadLetterLine(
                place,
                Math.min(record.timestamp(), nowMs),
                header(record, DeadLetter.REASON).orElse("UNKNOWN"),
                header(record, DeadLetter.DETAIL).orElse(null),
                header(record, DeadLetter.BY).orElse(null),
                header(record, DeadLetter.TOPIC).orElse(null),
                header(record, DeadLetter.PARTITION)
                        .flatMap(Intake::number)
                        .map(Long::intValue)
                        .orElse(null),
                header(record, DeadLetter.OFFSET).flatMap(Intake::number).orElse(null),
                record.key() == null ? null : cut(text(record.key()), KEY_CHARACTERS),
                record.value() == null ? 0 : record.value().length);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(cut(text(header.value()), DETAIL_CHARACTERS));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
