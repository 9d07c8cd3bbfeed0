/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.stream.topology.Pipeline;
import dev.kritik.stream.topology.RocksMemory;
import dev.kritik.stream.topology.StreamMetrics;
import dev.kritik.telemetry.Health;

/**
 * The stream application: groups rollouts, asks for critiques, counts them, and writes one terminal record for each group.
 * Any number of instances share the partitions. Started once and closed once; methods are safe for use by many threads.
 */
public final class StreamApp implements Health, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamApp.class);
    private static final Duration REPORT = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final String DEAD = "DEAD";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StreamConfig config;
    private final KafkaSettings kafka;
    private final HttpSchemaRegistry registry;
    private final StreamMetrics metrics;
    private final RocksMemory memory;
    private final KafkaStreams streams;
    private final Restoration restoration = new Restoration();
    private final KafkaStreamsMetrics kafkaMetrics;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AbandonedTransactions abandoned;
    private final ScheduledExecutorService watch;

    /**
     * Counts in a registry of its own.
     *
     * @param config all configuration: the keys of {@link StreamConfig}, {@link KafkaSettings} and {@link RegistryConfig}
     * @throws ConfigError if a value is missing or wrong; names the key
     */
    public StreamApp(Map<String, String> config) {
        this(config, new SimpleMeterRegistry());
    }

    /**
     * As above, counting in the given registry.
     *
     * @throws ConfigError if a value is missing or wrong; names the key
     */
    public StreamApp(Map<String, String> config, MeterRegistry meters) {
        this.config = StreamConfig.from(config);
        this.kafka = KafkaSettings.from(config);
        RegistryConfig registryConfig = RegistryConfig.from(config);
        this.metrics = new StreamMetrics(meters);
        this.memory = new RocksMemory(this.config.rocksdbBytes());
        this.registry = new HttpSchemaRegistry(registryConfig);
        Topology topology = Pipeline.topology(this.config, kafka.topics(), registry, metrics);
        this.streams = streams(topology);
        streams.setUncaughtExceptionHandler(new ThreadReplacement(closing, kafka));
        streams.setStateListener((now, before) -> {
            LOGGER.atInfo()
                    .addKeyValue("state", now)
                    .addKeyValue("before", before)
                    .log("state");
            if (now == KafkaStreams.State.NOT_RUNNING || now == KafkaStreams.State.ERROR) {
                stopped.complete(null);
            }
        });
        streams.setGlobalStateRestoreListener(restoration);
        tasks(meters, "active", Condition::active);
        tasks(meters, "standby", Condition::standby);
        Gauge.builder("kritik.stream.restore.records", restoration, Restoration::recordsLeft)
                .description("Records of the state that are still to be read before its tasks can work")
                .register(meters);
        this.kafkaMetrics = new KafkaStreamsMetrics(streams);
        kafkaMetrics.bindTo(meters);
        this.abandoned = new AbandonedTransactions(kafka, () -> streams.state() == KafkaStreams.State.REBALANCING);
        this.watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("kritik-stream-watch").factory());
    }

    private void tasks(MeterRegistry meters, String kind, ToIntFunction<Condition> count) {
        Gauge.builder("kritik.stream.tasks", this, app -> count.applyAsInt(app.condition()))
                .description("Tasks (partitions) of this process: worked on (active), or copied (standby)")
                .tag("kind", kind)
                .register(meters);
    }

    private KafkaStreams streams(Topology topology) {
        try {
            return new KafkaStreams(topology, new StreamsConfig(StreamsSettings.of(config, kafka, memory)));
        } catch (KafkaException e) {
            // A setting that Kafka does not take, or a folder for state that can't be made.
            registry.close();
            memory.close();
            throw new ConfigError("the stream application can't be set up: " + e.getMessage(), e);
        }
    }

    /**
     * The application's id: its consumer group, and how the names of its internal topics and its transactional ids begin.
     */
    public static String applicationId(Topics topics) {
        return topics.prefix() + "kritik-stream";
    }

    /**
     * Begins to work; returns at once after a look at the topics.
     *
     * @throws ConfigError if a topic is missing or not as needed, or no broker answers
     */
    public void start() {
        TopicCheck.check(config, kafka);
        streams.start();
        var unusedReport =
                watch.scheduleAtFixedRate(this::report, REPORT.toSeconds(), REPORT.toSeconds(), TimeUnit.SECONDS);
        var unusedLooks =
                watch.scheduleWithFixedDelay(abandoned, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Whether records are being processed: running, and with partitions of its own. A further instance beyond the number
     * of partitions is never ready, and has nothing to do.
     */
    public boolean ready() {
        return idle().isEmpty();
    }

    @Override
    public Optional<String> dead() {
        return condition().dead();
    }

    @Override
    public Optional<String> idle() {
        return condition().idle();
    }

    @Override
    public Optional<String> unsettled() {
        return condition().unsettled();
    }

    private Condition condition() {
        KafkaStreams.State state = streams.state();
        Collection<ThreadMetadata> threads;
        try {
            threads = state.isRunningOrRebalancing() ? streams.metadataForLocalThreads() : List.of();
        } catch (IllegalStateException e) { // it stopped in between
            threads = List.of();
            state = streams.state();
        }
        return new Condition(
                state,
                (int) threads.stream()
                        .filter(thread -> !thread.threadState().equals(DEAD))
                        .count(),
                threads.stream().mapToInt(thread -> thread.activeTasks().size()).sum(),
                threads.stream()
                        .mapToInt(thread -> thread.standbyTasks().size())
                        .sum(),
                restoration.recordsLeft());
    }

    /** The state of Kafka Streams. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    /** Completes when this has stopped for good: closed, or given up ({@link #state} is ERROR). */
    public CompletionStage<Void> stopped() {
        return stopped.minimalCompletionStage();
    }

    /** All counters since the start, by name. */
    public Map<String, Long> totals() {
        return metrics.totals();
    }

    /**
     * Stops: what has been read is finished and committed. Without a stable name (stream.instance.id) the partitions are
     * given to others at once; with one they wait for its return.
     *
     * @return whether all was over within the time; false also when this was closed before
     */
    public boolean close(Duration patience) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        closing.countDown();
        watch.execute(abandoned::close);
        watch.shutdown();
        var leaving = config.instanceId().isPresent()
                ? GroupMembershipOperation.REMAIN_IN_GROUP
                : GroupMembershipOperation.LEAVE_GROUP;
        boolean over =
                streams.close(CloseOptions.groupMembershipOperation(leaving).withTimeout(patience));
        registry.close();
        kafkaMetrics.close();
        if (over) {
            memory.close();
            report();
        } else {
            LOGGER.atWarn().addKeyValue("patienceMs", patience.toMillis()).log("not all threads stopped in time");
        }
        return over;
    }

    @Override
    public void close() {
        close(PATIENCE);
    }

    private void report() {
        var line = LOGGER.atInfo();
        for (var total : metrics.totals().entrySet()) {
            line = line.addKeyValue(total.getKey(), total.getValue());
        }
        line.log("totals");
    }
}
