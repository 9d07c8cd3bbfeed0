/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;

/**
 * Reads a part of a topic that is settled when this is opened, committed records only: exactly the records in it, each once,
 * in the order of each partition. What is written later is not seen. Not safe for use by many threads.
 */
public final class RangeReader<T extends SpecificRecord> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RangeReader.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /** Brokers that are being replaced are back by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Which part of a topic.
     *
     * @param fromMs earliest time of a record, in epoch milliseconds; null for no limit
     * @param toMs time before which records count; null for no limit
     * @param fromOffsets first offset by partition; partitions that are not named begin with what there is
     * @param toOffsets offset before which a partition ends; partitions that are not named end with what there is
     */
    public record Bounds(Long fromMs, Long toMs, Map<Integer, Long> fromOffsets, Map<Integer, Long> toOffsets) {

        /** Whether a record of this time is wanted. */
        public boolean holds(long timestampMs) {
            return (fromMs == null || timestampMs >= fromMs) && (toMs == null || timestampMs < toMs);
        }
    }

    /** Offsets of one partition that are read: from the first up to before the second. */
    public record Span(long from, long to) {}

    /** Takes records. */
    public interface Taker<T> {
        /** Takes one: its place, its bytes, and what they mean. */
        void take(int partition, long offset, byte[] bytes, T value) throws IOException;
    }

    /** Takes the records of one partition as they stand there: of any time, readable or not. */
    public interface PartitionTaker {
        /** Takes the next one. */
        void take(ConsumerRecord<byte[], byte[]> record) throws IOException;

        /**
         * Everything up to before this offset has been given, or there is nothing there.
         *
         * @param bytes of the keys and values given since the last call
         * @return whether to go on
         */
        boolean fetched(long position, long records, long bytes) throws IOException;
    }

    private final Consumer<byte[], byte[]> consumer;
    private final AvroDeserializer<T> values;
    private final String topic;
    private final Bounds bounds;
    private final SortedMap<Integer, Span> spans;
    private final Duration patience;
    private long unreadable;
    private long otherTimes;

    private RangeReader(
            Consumer<byte[], byte[]> consumer,
            AvroDeserializer<T> values,
            String topic,
            Bounds bounds,
            SortedMap<Integer, Span> spans,
            Duration patience) {
        this.consumer = consumer;
        this.values = values;
        this.topic = topic;
        this.bounds = bounds;
        this.spans = spans;
        this.patience = patience;
    }

    /**
     * Opens a reader; its part of the topic is settled when this returns.
     *
     * @throws CommandFailed if the brokers don't answer, the topic is not there, or a partition or an offset that is named is
     *     not
     */
    public static <T extends SpecificRecord> RangeReader<T> open(
            Connection connection, String topic, Class<T> type, Bounds bounds) {
        return open(connection, Connection.READER, topic, type, bounds);
    }

    /** The same under a client id, by which brokers can hold it to a quota. */
    public static <T extends SpecificRecord> RangeReader<T> open(
            Connection connection, String clientId, String topic, Class<T> type, Bounds bounds) {
        // A record that retention deletes while it is read must not be passed over in silence.
        return open(
                connection.committedReader(clientId, "none"),
                new AvroDeserializer<>(connection.registry(), type),
                topic,
                bounds,
                PATIENCE);
    }

    /** The same with a consumer, which is closed with the reader, and a time after which brokers are given up. */
    static <T extends SpecificRecord> RangeReader<T> open(
            Consumer<byte[], byte[]> consumer,
            AvroDeserializer<T> values,
            String topic,
            Bounds bounds,
            Duration patience) {
        return Opening.of(consumer, topic, partitions -> {
            requirePartitions(partitions, topic, bounds);
            return new RangeReader<>(consumer, values, topic, bounds, spans(consumer, partitions, bounds), patience);
        });
    }

    private static void requirePartitions(List<TopicPartition> partitions, String topic, Bounds bounds) {
        Set<Integer> named = new TreeSet<>(bounds.fromOffsets().keySet());
        named.addAll(bounds.toOffsets().keySet());
        partitions.forEach(partition -> named.remove(partition.partition()));
        if (!named.isEmpty()) {
            throw new CommandFailed("topic '" + topic + "' has " + partitions.size()
                    + " partitions, counted from 0: there is no " + named);
        }
    }

    private static SortedMap<Integer, Span> spans(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Bounds bounds) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> since = new HashMap<>();
        if (bounds.fromMs() != null) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, bounds.fromMs()));
            since.putAll(consumer.offsetsForTimes(times));
        }
        SortedMap<Integer, Span> spans = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            int number = partition.partition();
            requireThere(partition, bounds, begins.get(partition), ends.get(partition));
            long to = Math.min(ends.get(partition), bounds.toOffsets().getOrDefault(number, Long.MAX_VALUE));
            long from = Math.max(begins.get(partition), bounds.fromOffsets().getOrDefault(number, 0L));
            if (bounds.fromMs() != null) {
                OffsetAndTimestamp first = since.get(partition);
                from = Math.max(from, first == null ? to : first.offset());
            }
            spans.put(number, new Span(Math.min(from, to), to));
        }
        return spans;
    }

    /** A part that was named and is not there any more, or not yet, must not be read as a smaller one in silence. */
    private static void requireThere(TopicPartition partition, Bounds bounds, long begin, long end) {
        Long from = bounds.fromOffsets().get(partition.partition());
        Long to = bounds.toOffsets().get(partition.partition());
        if (from != null && from.equals(to) && to <= end) {
            return; // nothing of this partition is wanted
        }
        for (Long offset : new Long[] {from, to}) {
            if (offset != null && (offset < begin || offset > end)) {
                throw new CommandFailed("partition " + partition.partition() + " of topic '" + partition.topic()
                        + "' holds offsets from " + begin + " up to before " + end + ": offset " + offset
                        + (offset < begin ? " is gone (retention deletes old records)" : " is not there yet"));
            }
        }
    }

    /** The offsets that are read, by partition. */
    public SortedMap<Integer, Span> spans() {
        return spans;
    }

    /** Offsets that are read, over all partitions; those of transactions' marks among them. */
    public long length() {
        return spans.values().stream()
                .mapToLong(span -> span.to() - span.from())
                .sum();
    }

    /** Records passed over since they can't be read. */
    public long unreadable() {
        return unreadable;
    }

    /** Records passed over since they are of another time. */
    public long otherTimes() {
        return otherTimes;
    }

    /**
     * Reads all of it.
     *
     * @param progress is told how many offsets are done
     * @throws CommandFailed if records are deleted before they are read, or the brokers give nothing more for a minute
     */
    public void read(Taker<T> taker, LongConsumer progress) throws IOException {
        Map<TopicPartition, Span> open = new HashMap<>();
        spans.forEach((number, span) -> {
            if (span.from() < span.to()) {
                open.put(new TopicPartition(topic, number), span);
            }
        });
        consumer.assign(open.keySet());
        open.forEach((partition, span) -> consumer.seek(partition, span.from()));
        Stall stall = new Stall();
        try {
            while (!open.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < spans.get(record.partition()).to()) {
                        take(record, taker);
                    }
                }
                open.entrySet().removeIf(entry -> {
                    boolean done = consumer.position(entry.getKey())
                            >= entry.getValue().to();
                    if (done) {
                        consumer.pause(Set.of(entry.getKey()));
                    }
                    return done;
                });
                long leftNow = open.entrySet().stream()
                        .mapToLong(entry -> entry.getValue().to() - consumer.position(entry.getKey()))
                        .sum();
                stall.look(leftNow);
                progress.accept(length() - leftNow);
            }
        } catch (OffsetOutOfRangeException e) {
            throw gone(e);
        }
    }

    /**
     * Reads one partition, from an offset within its span to the end of the span, in order. Afterwards another partition may
     * be read.
     *
     * @return whether the end was reached; false if the taker wanted no more
     * @throws CommandFailed as {@link #read(Taker, LongConsumer)} does
     */
    public boolean read(int number, long from, PartitionTaker taker) throws IOException {
        TopicPartition partition = new TopicPartition(topic, number);
        long end = spans.get(number).to();
        consumer.assign(Set.of(partition));
        consumer.seek(partition, from);
        long position = from;
        Stall stall = new Stall();
        try {
            while (position < end) {
                long records = 0;
                long bytes = 0;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < end) {
                        taker.take(record);
                        records++;
                        bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                    }
                }
                position = Math.min(end, consumer.position(partition));
                stall.look(end - position);
                if (!taker.fetched(position, records, bytes)) {
                    return false;
                }
            }
            return true;
        } catch (OffsetOutOfRangeException e) {
            throw gone(e);
        }
    }

    /** Notices when nothing comes any more. */
    private final class Stall {
        private long left = Long.MAX_VALUE;
        private long movedAt = System.nanoTime();

        void look(long leftNow) {
            if (leftNow < left) {
                left = leftNow;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > patience.toNanos()) {
                throw new CommandFailed("Kafka gave nothing more of topic '" + topic + "' for " + patience.toSeconds()
                        + " s, and " + left + " offsets are still to be read: are its brokers running?");
            }
        }
    }

    private CommandFailed gone(OffsetOutOfRangeException e) {
        return new CommandFailed(
                "records of topic '" + topic + "' were deleted by its retention before they were read: begin later ("
                        + e.offsetOutOfRangePartitions() + ")",
                e);
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Taker<T> taker) throws IOException {
        if (!bounds.holds(record.timestamp())) {
            otherTimes++;
            return;
        }
        T value;
        try {
            value = values.deserialize(topic, record.value());
        } catch (UndecodableException e) {
            unreadable++;
            LOG.atDebug()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("passed over a record that can't be read");
            return;
        }
        taker.take(record.partition(), record.offset(), record.value(), value);
    }

    /** The part of the topic that was asked for. */
    public Bounds bounds() {
        return bounds;
    }

    /** What the bytes of a record mean. */
    public T again(byte[] bytes) {
        return values.deserialize(topic, bytes);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
