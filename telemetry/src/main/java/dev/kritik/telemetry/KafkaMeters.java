/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

import java.util.Set;

/**
 * Which of the figures of Kafka's own clients a role shows. One instance of Kafka Streams has about a thousand, most of them
 * for one thread, task, store or broker; these few say whether a client is connected, keeps up, and is in its group.
 *
 * <p>None of them is also there for each topic or partition under the same name: Micrometer keeps only one of both.
 */
final class KafkaMeters {

    private static final String PREFIX = "kafka.";

    private static final Set<String> NAMES = Set.of(
            // Kafka Streams
            "kafka.stream.alive.stream.threads",
            "kafka.stream.failed.stream.threads",
            "kafka.stream.thread.process.total",
            "kafka.stream.thread.process.latency.avg",
            "kafka.stream.thread.process.latency.max",
            "kafka.stream.thread.commit.total",
            "kafka.stream.thread.commit.latency.avg",
            "kafka.stream.thread.commit.latency.max",
            "kafka.stream.thread.punctuate.latency.max",
            // Consumers, those of Kafka Streams too
            "kafka.consumer.connection.count",
            "kafka.consumer.failed.authentication.total",
            "kafka.consumer.coordinator.assigned.partitions",
            "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.consumer.coordinator.failed.rebalance.total",
            "kafka.consumer.coordinator.rebalance.latency.max",
            "kafka.consumer.time.between.poll.max",
            // Producers
            "kafka.producer.connection.count",
            "kafka.producer.failed.authentication.total",
            "kafka.producer.record.send.total",
            "kafka.producer.record.error.total",
            "kafka.producer.record.retry.total",
            "kafka.producer.request.latency.avg",
            "kafka.producer.request.latency.max",
            "kafka.producer.buffer.available.bytes",
            "kafka.producer.txn.commit.time.ns.total");

    /** Denies all others. */
    static final MeterFilter CHOSEN = new MeterFilter() {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return id.getName().startsWith(PREFIX) && !NAMES.contains(id.getName())
                    ? MeterFilterReply.DENY
                    : MeterFilterReply.NEUTRAL;
        }
    };

    private KafkaMeters() {}
}
