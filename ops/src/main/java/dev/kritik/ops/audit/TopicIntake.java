/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.kritik.ops.audit.invariant.Observation;
import dev.kritik.ops.audit.invariant.Place;
import dev.kritik.ops.audit.invariant.Place.Flow;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.serde.UndecodableException;

/** Brings the committed records of all topics into an observation. For one use. */
final class TopicIntake {

    /** Headers of a broker's own dead letters (KIP-1191). */
    private static final String BROKER = "__dlq.errors.";

    private final Observation seen;
    private final Topics topics;
    private final Map<Flow, RangeReader<? extends SpecificRecord>> readers;
    private final BooleanSupplier stop;
    private final Audit.Watcher watcher;
    private final Map<Flow, List<Long>> firstMs = new HashMap<>();
    private final long all;
    private long before;

    TopicIntake(
            Observation seen,
            Topics topics,
            Map<Flow, RangeReader<? extends SpecificRecord>> readers,
            BooleanSupplier stop,
            Audit.Watcher watcher) {
        this.seen = seen;
        this.topics = topics;
        this.readers = readers;
        this.stop = stop;
        this.watcher = watcher;
        this.all = readers.values().stream().mapToLong(RangeReader::length).sum();
    }

    /** Reads everything; false if it was stopped. */
    boolean all() throws IOException {
        for (Flow flow : Flow.values()) {
            if (!topic(flow)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The time from which these topics hold everything: that of the first record of a partition from which retention has
     * taken some; {@link Long#MIN_VALUE} when nothing is gone.
     */
    long fromMs(long nowMs, Flow... flows) {
        long from = Long.MIN_VALUE;
        for (Flow flow : flows) {
            for (Long first : firstMs.getOrDefault(flow, List.of())) {
                from = Math.max(from, first == Long.MAX_VALUE ? nowMs : first);
            }
        }
        return from;
    }

    private boolean topic(Flow flow) throws IOException {
        RangeReader<? extends SpecificRecord> reader = readers.get(flow);
        for (var span : reader.spans().entrySet()) {
            int partition = span.getKey();
            long from = span.getValue().from();
            seen.reads(flow, partition, from, span.getValue().to());
            Taker taker = new Taker(flow, reader, from);
            if (!reader.read(partition, from, taker)) {
                return false;
            }
            if (from > 0) {
                firstMs.computeIfAbsent(flow, none -> new ArrayList<>()).add(taker.firstMs);
            }
            before += span.getValue().to() - from;
        }
        return true;
    }

    private final class Taker implements RangeReader.PartitionTaker {
        private final Flow flow;
        private final RangeReader<? extends SpecificRecord> reader;
        private final long from;
        private long firstMs = Long.MAX_VALUE;

        Taker(Flow flow, RangeReader<? extends SpecificRecord> reader, long from) {
            this.flow = flow;
            this.reader = reader;
            this.from = from;
        }

        @Override
        public void take(ConsumerRecord<byte[], byte[]> record) {
            firstMs = Math.min(firstMs, record.timestamp());
            if (flow == Flow.DEAD_LETTERS) {
                letter(record);
                return;
            }
            SpecificRecord value = null;
            String why = null;
            try {
                value = reader.again(record.value());
            } catch (UndecodableException e) {
                why = e.code().name();
            }
            observe(record, value, why);
        }

        private void observe(ConsumerRecord<byte[], byte[]> record, SpecificRecord value, String why) {
            int partition = record.partition();
            long offset = record.offset();
            if (flow == Flow.ROLLOUTS) {
                seen.rollout(partition, offset, record.timestamp(), record.key(), record.value(), (Rollout) value);
            } else if (value == null) {
                seen.unreadable(new Place(flow, partition, offset), why);
            } else if (value instanceof CritiqueRequest request) {
                seen.request(partition, offset, request);
            } else if (value instanceof Critique critique) {
                seen.critique(partition, offset, record.key(), critique);
            } else {
                seen.reward(partition, offset, record.timestamp(), record.key(), (GroupReward) value);
            }
        }

        @Override
        public boolean fetched(long position, long records, long bytes) {
            watcher.read(before + position - from, all);
            return !stop.getAsBoolean();
        }
    }

    private void letter(ConsumerRecord<byte[], byte[]> record) {
        boolean brokers = header(record, DeadLetter.TOPIC) == null && header(record, BROKER + "topic") != null;
        Place source = brokers
                ? place(record, BROKER + "topic", BROKER + "partition", BROKER + "offset")
                : place(record, DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET);
        String reason = brokers ? "BROKER_GAVE_UP" : header(record, DeadLetter.REASON);
        seen.deadLetter(
                record.partition(),
                record.offset(),
                source,
                reason == null ? "NO_REASON" : reason,
                "stream-app".equals(header(record, DeadLetter.BY)),
                record.value(),
                isCut(record));
    }

    /** Whether the value may be shorter than it was: the detail says so then. */
    private static boolean isCut(ConsumerRecord<byte[], byte[]> record) {
        String detail = header(record, DeadLetter.DETAIL);
        return detail != null && (detail.contains("are kept here") || detail.contains("are left out"));
    }

    private Place place(ConsumerRecord<byte[], byte[]> record, String topic, String partition, String offset) {
        String name = header(record, topic);
        try {
            for (Flow flow : Flow.values()) {
                if ((topics.prefix() + flow.title()).equals(name)) {
                    return new Place(
                            flow, Integer.parseInt(header(record, partition)), Long.parseLong(header(record, offset)));
                }
            }
        } catch (NumberFormatException e) {
            return null;
        }
        return null;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
