/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.topology.RocksMemory;

/**
 * The least that an exactly-once application with state does: each record that the stream application has read, from the same
 * topics, is put into one RocksDB store with a changelog, and forwarded. Nothing is decoded. Threads, commit interval, memory
 * and compression are those of the stream application. It reads everything twice, as two applications one after the other;
 * the second pass, for which the JVM is warm, is the one that counts.
 */
public final class PassThrough {

    /** Before the figures in the log: records, first and last time in epoch milliseconds, CPU seconds of the process. */
    static final String DONE = "pass-through done: ";

    /** Application id and output topic; records are those in the two input topics. */
    static final String APPLICATION = "pass.through.application";

    static final String OUTPUT = "pass.through.output";
    static final String RECORDS = "pass.through.records";

    private static final String STORE = "store";

    private static final Duration PATIENCE = Duration.ofMinutes(9);

    private PassThrough() {}

    /**
     * Runs it.
     *
     * @param args a properties file: the installation's keys, those of the stream application, and the three above
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> config = StandIn.read(Path.of(args[0]));
        long records = Long.parseLong(config.get(RECORDS));
        StreamConfig stream = StreamConfig.from(config);
        KafkaSettings kafka = KafkaSettings.from(config);
        try (RocksMemory memory = new RocksMemory(stream.rocksdbBytes())) {
            for (int pass = 1; pass <= 2; pass++) {
                Meter meter = new Meter(records);
                String id = config.get(APPLICATION) + "-" + pass;
                double cpu = cpuSeconds();
                KafkaStreams streams = new KafkaStreams(
                        topology(kafka, config.get(OUTPUT), meter),
                        new StreamsConfig(settings(id, stream, kafka, memory)));
                streams.start();
                boolean done = meter.all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                cpu = cpuSeconds() - cpu;
                streams.close(Duration.ofSeconds(20));
                if (!done) {
                    System.out.println("pass " + pass + " came to " + meter.seen + " of " + records + " records only");
                    return;
                }
                if (pass == 2) {
                    System.out.println(DONE + records + " " + meter.first + " " + meter.last + " " + cpu);
                }
            }
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L)
                / 1e9;
    }

    /** Counts records; used by all threads of the application. */
    static final class Meter {

        private final long records;
        private final AtomicLong seen = new AtomicLong();
        private final CountDownLatch all = new CountDownLatch(1);
        private volatile long first;
        private volatile long last;

        Meter(long records) {
            this.records = records;
        }

        void count() {
            long number = seen.incrementAndGet();
            if (number == 1) {
                first = System.currentTimeMillis();
            }
            if (number == records) {
                last = System.currentTimeMillis();
                all.countDown();
            }
        }
    }

    private static Topology topology(KafkaSettings kafka, String output, Meter meter) {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                "source",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                kafka.topics().rollouts(),
                kafka.topics().critiques());
        topology.addProcessor("store-and-forward", () -> new StoreAndForward(meter), "source");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                "store-and-forward");
        topology.addSink("sink", output, new ByteArraySerializer(), new ByteArraySerializer(), "store-and-forward");
        return topology;
    }

    /** Each record has an entry of its own, as each member and each critique has in the stream application. */
    private static final class StoreAndForward implements Processor<byte[], byte[], byte[], byte[]> {

        private final Meter meter;
        private ProcessorContext<byte[], byte[]> context;
        private KeyValueStore<Bytes, byte[]> store;

        private StoreAndForward(Meter meter) {
            this.meter = meter;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
            store = processorContext.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            var metadata = context.recordMetadata().orElseThrow();
            ByteBuffer key = ByteBuffer.allocate(record.key().length + Long.BYTES + Integer.BYTES);
            key.put(record.key()).putInt(metadata.topic().hashCode()).putLong(metadata.offset());
            store.put(Bytes.wrap(key.array()), record.value());
            context.forward(record);
            meter.count();
        }
    }

    /** As StreamsSettings makes them for the stream application, as far as they matter for speed. */
    private static Map<String, Object> settings(
            String id, StreamConfig config, KafkaSettings kafka, RocksMemory memory) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putAll(kafka.client());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.longestCommitIntervalMs());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.Setter.class);
        settings.put(RocksMemory.SETTING, memory);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 16 << 20);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000);
        return settings;
    }
}
