/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.stream.StreamConfig;

/** The topology: two sources, one processor with four stores, three sinks. */
public final class Pipeline {

    private static final String ROLLOUTS = "rollouts-source";
    private static final String CRITIQUES = "critiques-source";
    private static final String GROUPS = "groups";

    private Pipeline() {}

    /**
     * Builds it.
     *
     * @param registry where the schemas of what is read and written stand; used by all tasks
     * @param metrics where all tasks count
     */
    public static Topology topology(
            StreamConfig config, Topics topics, SchemaRegistry registry, StreamMetrics metrics) {
        return topology(config, topics, registry, metrics, System::nanoTime);
    }

    static Topology topology(
            StreamConfig config,
            Topics topics,
            SchemaRegistry registry,
            StreamMetrics metrics,
            LongSupplier nanoClock) {
        var pace = ThreadLocal.withInitial(() -> new CommitPace(
                Duration.ofMillis(config.commitIntervalMs()),
                Duration.ofMillis(config.longestCommitIntervalMs()),
                nanoClock,
                System::currentTimeMillis));
        var supplier = new ProcessorSupplier<byte[], byte[], byte[], byte[]>() {
            @Override
            public Processor<byte[], byte[], byte[], byte[]> get() {
                var sizes = new Outbox.Sizes(
                        config.rules().samplesPerRequest(), config.maxRewardBytes(), config.maxDeadLetterBytes());
                return new GroupProcessor(config.rules(), sizes, topics, registry, metrics, pace::get, nanoClock);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.copyOf(GroupStore.builders());
            }
        };
        var topology = new Topology();
        // The default fails the task on a record without a time, as some producers write them. Times of records mean
        // nothing here but to those who look at figures: deadlines stand in the data.
        var now = new WallclockTimestampExtractor();
        source(topology, ROLLOUTS, topics.rollouts(), (record, partitionTime) -> {
            long nowMs = now.extract(record, partitionTime);
            if (record.timestamp() >= 0) {
                metrics.waited(nowMs - record.timestamp());
            }
            pace.get().waited(waitedMs(record, nowMs));
            return nowMs;
        });
        source(topology, CRITIQUES, topics.critiques(), (record, partitionTime) -> {
            long nowMs = now.extract(record, partitionTime);
            pace.get().waited(waitedMs(record, nowMs));
            return nowMs;
        });
        topology.addProcessor(GROUPS, supplier, ROLLOUTS, CRITIQUES);
        sink(topology, Outbox.REQUESTS, topics.critiqueRequests());
        sink(topology, Outbox.REWARDS, topics.rewards());
        sink(topology, Outbox.DEAD_LETTERS, topics.deadLetters());
        return topology;
    }

    /** How long a record stood on its topic, by the clock of who wrote it; 0 if it does not say. */
    private static long waitedMs(ConsumerRecord<Object, Object> record, long nowMs) {
        return record.timestamp() < 0 ? 0 : nowMs - record.timestamp();
    }

    private static void source(Topology topology, String name, String topic, TimestampExtractor times) {
        topology.addSource(
                // What was written before we first came is work, too.
                AutoOffsetReset.earliest(),
                name,
                times,
                // Bytes: what can't be read must reach the processor, as it stands.
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    private static void sink(Topology topology, String name, String topic) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), GROUPS);
    }
}
