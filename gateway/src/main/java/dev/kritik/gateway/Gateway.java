/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.gateway.http.GatewayServer;
import dev.kritik.gateway.jobs.Jobs;
import dev.kritik.gateway.jobs.Ledger;
import dev.kritik.gateway.kafka.RolloutWriter;
import dev.kritik.gateway.kafka.TopicReader;
import dev.kritik.gateway.protocol.Api;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.config.Refusal;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.telemetry.Health;

/**
 * One instance of the gateway: HTTP on one side, the topics {@code rollouts} and {@code rewards} on the other. Any number of
 * instances serve the same jobs. Started once and closed once; methods are safe for use by many threads.
 */
public final class Gateway implements Health, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Gateway.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    private final GatewayMetrics metrics = new GatewayMetrics();
    private final KafkaSettings kafka;
    private final HttpSchemaRegistry registry;
    private final Ledger ledger;
    private final RolloutWriter writer;
    private final TopicReader reader;
    private final GatewayServer server;
    private final long rememberMs;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Reads the configuration; nothing listens yet.
     *
     * @param config all configuration: the keys of {@link GatewayConfig}, {@link KafkaSettings} and {@link RegistryConfig}
     * @throws ConfigError if a value is missing or wrong; names the key
     */
    public Gateway(Map<String, String> config) {
        GatewayConfig own = GatewayConfig.from(config, System::getenv);
        this.kafka = KafkaSettings.from(config);
        RegistryConfig registryConfig = RegistryConfig.from(config);
        InstantSource clock = InstantSource.system();
        this.registry = new HttpSchemaRegistry(registryConfig);
        this.rememberMs = own.memory().forMs();
        this.ledger = new Ledger(own.memory());
        this.reader = TopicReader.open(kafka, registry, ledger, own.memory(), clock, metrics.meters());
        this.writer = RolloutWriter.open(
                kafka, registry, own.http().maxWaiting(), own.http().maxWaitingBytes(), metrics.meters());
        Jobs jobs = new Jobs(ledger, writer, reader, metrics, clock);
        this.server =
                new GatewayServer(own.http(), new Api(jobs, own.terms(), clock, metrics::scrape).routes(), metrics);
        metrics.gauge("kritik.gateway.jobs", null, "Jobs that are remembered", ledger::size);
        metrics.gauge("kritik.gateway.waiting", null, "Callers that wait for a judgement", ledger::waiting);
        metrics.gauge("kritik.gateway.callers", null, "Requests that have a place", server::callers);
        metrics.gauge("kritik.gateway.body", "bytes", "Bytes of bodies in memory", server::bytes);
        metrics.meters().watch(this);
    }

    /**
     * Begins to read the topics and to listen; returns when requests are taken in. With very much to read it returns before:
     * until then {@link #ready} is false, and clients are told to come back.
     *
     * @throws ConfigError if a topic is missing, no broker answers, or the address can't be used
     */
    public void start() {
        reader.start();
        server.start();
        LOGGER.atInfo().addKeyValue("address", server.uri()).log("listens");
        if (!reader.awaitCaughtUp(CATCH_UP)) {
            LOGGER.atWarn()
                    .addKeyValue("rememberMs", rememberMs)
                    .log("still reads what has happened, and takes no requests in until then; with a shorter"
                            + " gateway.remember.ms there is less to read");
        }
    }

    /** Whether requests are taken in: all that had happened before the start has been read. */
    public boolean ready() {
        return reader.caughtUp();
    }

    @Override
    public Optional<String> dead() {
        return reader.stopped().toCompletableFuture().isDone()
                ? Optional.of("the topics are not read any more")
                : Optional.empty();
    }

    @Override
    public Optional<String> idle() {
        return ready()
                ? Optional.empty()
                : Optional.of("it reads what has happened, closes, or hears nothing from Kafka");
    }

    /** Where it listens. */
    public URI uri() {
        return server.uri();
    }

    /** Completes when this has stopped for good: closed, or not able to read the topics any more, or not allowed to write. */
    public CompletionStage<Void> stopped() {
        return reader.stopped().runAfterEither(forbidden(), () -> {});
    }

    private CompletionStage<Void> forbidden() {
        return writer.forbidden()
                .thenRun(() -> LOGGER.atError()
                        .addKeyValue("user", Refusal.user(kafka))
                        .log(
                                "the gateway ends: Kafka does not let it write rollouts ('kritik topics acls' lists the rights that"
                                        + " each role needs)"));
    }

    /** Stops: nothing new is taken in, those who wait are told to ask another instance, what was taken in is written. */
    public void close(Duration patience) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.stopAccepting();
        ledger.close();
        writer.close(patience);
        reader.close();
        server.close();
        registry.close();
        metrics.close();
    }

    @Override
    public void close() {
        close(PATIENCE);
    }
}
