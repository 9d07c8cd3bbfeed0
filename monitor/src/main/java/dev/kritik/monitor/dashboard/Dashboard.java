/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.kritik.monitor.lag.LagSource;
import dev.kritik.monitor.watch.Overview;
import dev.kritik.monitor.watch.Watch;
import dev.kritik.monitor.web.DashboardServer;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.telemetry.Health;

/** The dashboard, put together: topics and lag on one side, the page on the other. Started once and closed once. */
public final class Dashboard implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Dashboard.class);

    private final DashboardConfig config;
    private final InstantSource clock = InstantSource.system();
    private final HttpSchemaRegistry registry;
    private final Watch watch;
    private final TopicFeed feed;
    private final KafkaBodies bodies;
    private final LagSource lag;
    private final DashboardServer server;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ScheduledExecutorService lagTimer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kritik-dashboard-lag").daemon().factory());
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Reads the configuration; nothing listens, and nothing is read yet.
     *
     * @param all the keys of {@link DashboardConfig}, {@link KafkaSettings} and {@link RegistryConfig}; others are passed over
     * @param lag where lag is asked for; stays the caller's to close
     * @throws dev.kritik.schema.config.ConfigError if a value is missing or wrong; names the key
     */
    public Dashboard(Map<String, String> all, LagSource lag) {
        this.config = DashboardConfig.from(all, System::getenv);
        KafkaSettings kafka = KafkaSettings.from(all);
        this.registry = new HttpSchemaRegistry(RegistryConfig.from(all));
        this.lag = lag;
        this.watch = new Watch(config.limits(), kafka.topics());
        this.feed = new TopicFeed(
                kafka,
                new Intake(kafka.topics(), registry, watch),
                watch,
                config.limits().windowMs(),
                clock);
        this.bodies = new KafkaBodies(kafka, registry);
        this.server = new DashboardServer(config.web(), watch, bodies, health(), meters::scrape, clock);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        gauge("kritik.dashboard.pages", "Pages that get live updates", server::clients);
        gauge(
                "kritik.dashboard.groups",
                "Groups that can be listed",
                () -> picture().remembered());
        Gauge.builder("kritik.ready", () -> health().idle().isEmpty() ? 1 : 0)
                .description("1 while the role does work of its own, else 0")
                .tag("role", "dashboard")
                .register(meters);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }

    private Overview picture() {
        return watch.overview(Long.MAX_VALUE);
    }

    private Health health() {
        return new Health() {
            @Override
            public Optional<String> dead() {
                return Optional.empty();
            }

            @Override
            public Optional<String> idle() {
                Overview now = picture();
                return now.trouble() != null
                        ? Optional.of(now.trouble())
                        : now.caughtUp() ? Optional.empty() : Optional.of("still reads what has happened");
            }
        };
    }

    /**
     * Begins to listen and to read. Brokers that don't answer are said on the page and tried again.
     *
     * @throws dev.kritik.schema.config.ConfigError if the address can't be used
     */
    public void start() {
        server.start();
        feed.start();
        long every = config.lagInterval().toMillis();
        var unused = lagTimer.scheduleWithFixedDelay(this::askForLag, 0, every, TimeUnit.MILLISECONDS);
        LOGGER.atInfo().addKeyValue("address", server.uri()).log("listens");
    }

    private void askForLag() {
        try {
            watch.lag(lag.read(), clock.millis());
        } catch (RuntimeException e) {
            LOGGER.atDebug().addKeyValue("failure", e.toString()).log("lag is not known");
            watch.lagUnknown("The brokers did not say how far groups are behind: " + e.getMessage());
        }
    }

    /** Where it listens. */
    public URI uri() {
        return server.uri();
    }

    /** Ends all connections. May be called again. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.close();
        lagTimer.shutdownNow();
        feed.close();
        bodies.close();
        registry.close();
        meters.close();
    }
}
