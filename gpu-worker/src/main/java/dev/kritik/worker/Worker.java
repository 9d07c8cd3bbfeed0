/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.telemetry.Health;
import dev.kritik.worker.critic.Critic;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.critic.JudgesConfig;
import dev.kritik.worker.critic.Jury;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.meta.MetaRms;
import dev.kritik.worker.task.TaskMetrics;
import dev.kritik.worker.task.TaskSource;
import dev.kritik.worker.task.TaskSources;

/** Takes requests for critiques, has them judged, writes the critiques. */
public final class Worker implements Health, AutoCloseable {

    /** Longest record that is tried; the topic's {@code max.message.bytes}, compressed, is what decides. */
    private static final int MAX_REQUEST_BYTES = 32 * 1024 * 1024;

    private static final Logger LOGGER = LoggerFactory.getLogger(Worker.class);

    private static final Duration FLUSH = Duration.ofSeconds(10);

    private final WorkerConfig config;
    private final SchemaRegistry registry;
    private final Judging judging;
    private final MeterRegistry meters;

    /** What this worker has opened itself, in the order in which to close it. */
    private final List<AutoCloseable> owned;

    /** Each completes when a model in this process is gone for good. */
    private final List<CompletionStage<Void>> gone;

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private Producer<byte[], byte[]> producer;
    private KafkaClientMetrics producerMetrics;
    private volatile TaskSource source;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * A worker that opens what its configuration names, and closes it; nothing is taken from Kafka yet. Models in this
     * process are loaded now, which may take minutes.
     *
     * @param all the keys of all roles; those of others are passed over
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     */
    public static Worker open(Map<String, String> all, MeterRegistry meters) {
        WorkerConfig config = WorkerConfig.from(all);
        RegistryConfig registryConfig = RegistryConfig.from(all);
        CriticConfig criticConfig = CriticConfig.from(all);
        JudgesConfig judgesConfig = JudgesConfig.from(all);
        MetaConfig metaConfig = MetaConfig.from(all);
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            HttpSchemaRegistry registry = open(owned, new HttpSchemaRegistry(registryConfig));
            Jury jury = open(owned, Jury.open(judgesConfig));
            Optional<MetaRm> meta = MetaRms.open(metaConfig).map(it -> open(owned, it));
            Critic critic = open(owned, new Critic(criticConfig, jury, meta, meters));
            List<CompletionStage<Void>> gone = Stream.concat(jury.gone().stream(), meta.map(MetaRm::gone).stream())
                    .toList();
            return new Worker(config, registry, critic, meters, List.copyOf(owned), gone);
        } catch (RuntimeException e) {
            closeAll(owned); // a model that was loaded holds memory and threads
            throw e;
        }
    }

    /** What is opened last is closed first. */
    private static <T extends AutoCloseable> T open(Deque<AutoCloseable> owned, T part) {
        owned.push(part);
        return part;
    }

    /** A worker with parts that its caller opened and will close, after the worker. */
    public Worker(WorkerConfig config, SchemaRegistry registry, Judging judging, MeterRegistry meters) {
        this(config, registry, judging, meters, List.of(), List.of());
    }

    Worker(
            WorkerConfig config,
            SchemaRegistry registry,
            Judging judging,
            MeterRegistry meters,
            List<AutoCloseable> owned,
            List<CompletionStage<Void>> gone) {
        this.config = config;
        this.registry = registry;
        this.judging = judging;
        this.meters = meters;
        this.owned = owned;
        this.gone = gone;
    }

    /**
     * Joins the group and starts to work, on threads of its own. Called once.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster can't be reached; what was opened is closed again
     */
    public synchronized void start() {
        producer = producer(config);
        producerMetrics = new KafkaClientMetrics(producer);
        producerMetrics.bindTo(meters);
        slots("kritik.worker.slots", "Tasks that this worker can have in hand at once", config.settings()::slots);
        slots(
                "kritik.worker.slots.connected",
                "Slots that tasks can reach: live members of the group",
                this::connected);
        try {
            RequestHandler handler = new RequestHandler(
                    registry,
                    judging,
                    new CritiquePublisher(producer, registry, config.topics().critiques()),
                    new DeadLetters(producer, config.topics().deadLetters(), meters),
                    config.name(),
                    config.settings().backoff());
            source = TaskSources.open(config.source(), config.settings(), new TaskMetrics(meters));
            source.start(new EndsOnRefusal(handler, config.settings().kafka(), this::giveUp));
            gone.forEach(one -> {
                var unused = one.thenRun(() -> giveUp("a model in this process is gone"));
            });
        } catch (RuntimeException e) {
            close(Duration.ZERO);
            throw e;
        }
    }

    private void slots(String name, String description, Supplier<Number> count) {
        Gauge.builder(name, count).description(description).register(meters);
    }

    private int connected() {
        TaskSource current = source;
        return current == null ? 0 : current.connected();
    }

    private static Producer<byte[], byte[]> producer(WorkerConfig config) {
        Map<String, Object> settings = new HashMap<>(config.settings().kafka().client());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.name() + "-critiques");
        // The task is acknowledged after this write: it must not be lost with a broker.
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        // A retry inside the client must not write a critique twice, nor overtake another.
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Critiques are prose and kept for replay: zstd makes them smallest, and a worker has time for it.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        // A slot waits for this write; more than that is not gained by larger batches at a worker's rate.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // The client counts bytes before compression; the broker's limit counts after it and is the one that matters.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Whether it is a live member of its group, so that requests can reach it. */
    public boolean ready() {
        TaskSource current = source;
        return current != null && current.ready();
    }

    @Override
    public Optional<String> dead() {
        if (gone.stream().anyMatch(one -> one.toCompletableFuture().isDone())) {
            return Optional.of("a model in this process is gone; only a new process can load it again");
        }
        return closed ? Optional.of("it has been closed") : Optional.empty();
    }

    @Override
    public Optional<String> idle() {
        if (closing) {
            return Optional.of("it closes");
        }
        if (!ready()) {
            return Optional.of(
                    source == null
                            ? "it starts"
                            : "it is no live member of the group '"
                                    + config.settings().group() + "'");
        }
        return judging.idle();
    }

    /**
     * Completes when the worker has ended by itself, because a model in this process is gone for good, or since brokers don't
     * let it do its work for lack of a right: requests in hand have gone back to the group, and only a new process can go on
     * with them.
     */
    public CompletionStage<Void> stopped() {
        return stopped.minimalCompletionStage();
    }

    /** No grace: whatever is still asked of a model that is gone, or of brokers that refuse, would come out as a failure. */
    private void giveUp(String why) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        Thread.ofPlatform().name(config.name() + "-gives-up").start(() -> {
            try {
                LOGGER.atError()
                        .addKeyValue("worker", config.name())
                        .addKeyValue("reason", why)
                        .log("the worker ends, and gives back what it has in hand");
                close(Duration.ZERO);
            } finally {
                stopped.complete(null);
            }
        });
    }

    /** Closes with the grace of the configuration. */
    @Override
    public void close() {
        close(config.shutdownGrace());
    }

    /**
     * Takes no further request, goes on with those in hand for the time of the grace, gives the rest back, and writes out
     * what is under way. May be called more than once.
     */
    public synchronized void close(Duration grace) {
        closing = true;
        if (source != null) {
            source.close(grace);
            source = null;
        }
        if (producer != null) {
            producer.close(FLUSH);
            producer = null;
            producerMetrics.close();
        }
        closeAll(owned);
        closed = true;
    }

    private static void closeAll(Iterable<AutoCloseable> parts) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOGGER.atWarn().setCause(e).log("a part of the worker did not close");
            }
        }
    }
}
