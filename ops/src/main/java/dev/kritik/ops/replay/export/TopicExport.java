/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Span;
import dev.kritik.schema.serde.UndecodableException;

/** Brings one topic into a sink, partition after partition, each in the order of its offsets. For one thread. */
final class TopicExport {

    /** More than a person reads; the rest is counted. */
    private static final int NAMED = 1000;

    /** Is told, and asked. */
    interface Listener {
        /** Everything up to this state is on disk. */
        void saved(TopicState state) throws IOException;

        /**
         * Something was read.
         *
         * @return whether to go on
         */
        boolean read(TopicState state, long records, long bytes) throws IOException;
    }

    private final ExportRequest request;
    private final RangeReader<? extends SpecificRecord> reader;
    private final Listener listener;
    private final List<Unreadable> unreadableAt;
    private final TopicState begin;
    private int partition;
    private long next;
    private long records;
    private long unreadable;
    private long otherTimes;
    private long otherJobs;

    TopicExport(
            ExportRequest request, RangeReader<? extends SpecificRecord> reader, TopicState begin, Listener listener) {
        this.request = request;
        this.reader = reader;
        this.listener = listener;
        this.begin = begin;
        this.partition = begin.partition();
        this.next = begin.next();
        this.records = begin.records();
        this.unreadable = begin.unreadable();
        this.unreadableAt = new ArrayList<>(begin.unreadableAt());
        this.otherTimes = begin.otherTimes();
        this.otherJobs = begin.otherJobs();
    }

    /** Reads what is left; false if the listener wanted no more. */
    boolean run(Sink sink) throws IOException {
        while (partition < begin.spans().size()) {
            Span span = begin.spans().get(partition);
            if (!reader.read(partition, next, new Taker(sink))) {
                return false;
            }
            boolean safe = sink.end();
            partition++;
            next = partition < begin.spans().size()
                    ? begin.spans().get(partition).from()
                    : span.to();
            sink.begin(partition);
            if (safe) {
                listener.saved(state(sink));
            }
        }
        return true;
    }

    private TopicState state(Sink sink) {
        return new TopicState(
                begin.spans(),
                partition,
                next,
                sink.at(),
                records,
                unreadable,
                List.copyOf(unreadableAt),
                otherTimes,
                otherJobs);
    }

    private final class Taker implements RangeReader.PartitionTaker {
        private final Sink sink;

        Taker(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
            next = record.offset() + 1;
            if (!reader.bounds().holds(record.timestamp())) {
                otherTimes++;
                return;
            }
            SpecificRecord value;
            try {
                value = reader.again(record.value());
            } catch (UndecodableException e) {
                unreadable++;
                if (unreadableAt.size() < NAMED) {
                    unreadableAt.add(new Unreadable(
                            record.partition(), record.offset(), e.code().name()));
                }
                return;
            }
            if (!request.wants(What.job(value))) {
                otherJobs++;
                return;
            }
            records++;
            Row row = new Row(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.value().length,
                    value);
            if (sink.take(row)) {
                listener.saved(state(sink));
            }
        }

        @Override
        public boolean fetched(long position, long count, long bytes) throws IOException {
            next = position;
            return listener.read(state(sink), count, bytes);
        }
    }
}
