/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import io.micrometer.core.instrument.Gauge;
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
import dev.kritik.telemetry.RoleMeters;

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
    private final RoleMeters meters = new RoleMeters("dashboard");
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
        meters.watch(health());
        gauge("kritik.dashboard.pages", "Pages that get live updates", server::clients);
        gauge(
                "kritik.dashboard.groups",
                "Groups that can be listed",
                () -> picture().remembered());
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters.registry());
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
