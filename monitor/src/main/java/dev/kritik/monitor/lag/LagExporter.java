/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.kritik.telemetry.Health;

/**
 * Keeps the figures of lag fresh: one thread looks at the brokers again and again, so that scrapes, however many, cost the
 * brokers nothing. Figures that get too old because no look succeeds are taken away, and readiness says why. Safe for use by
 * many threads.
 */
public final class LagExporter implements Health, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LagExporter.class);

    private final Supplier<LagReport> look;
    private final ExporterConfig config;
    private final LongSupplier nanos;
    private final LagMeters meters;
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("lag-exporter").factory());

    /** When the last good look ended; empty before the first. */
    private volatile Optional<Long> fresh = Optional.empty();

    private volatile Optional<String> failure = Optional.empty();
    private volatile Optional<String> death = Optional.empty();
    private volatile int problems;

    /**
     * Registers the gauges; nothing is looked at yet.
     *
     * @param look asks the brokers, in bounded time; throws if they don't answer
     */
    public LagExporter(Supplier<LagReport> look, ExporterConfig config, MeterRegistry registry) {
        this(look, config, registry, System::nanoTime);
    }

    /** With a clock of its own, for tests. */
    LagExporter(Supplier<LagReport> look, ExporterConfig config, MeterRegistry registry, LongSupplier nanos) {
        this.look = look;
        this.config = config;
        this.nanos = nanos;
        this.meters = new LagMeters(registry);
        gauge(registry, "kritik.lag.up", "1 if the last look at the brokers succeeded, else 0", self -> self.up());
        gauge(
                registry,
                "kritik.lag.age.seconds",
                "How old the figures of lag are; no number before the first look has succeeded",
                self -> self.age().map(LagExporter::seconds).orElse(Double.NaN));
        gauge(
                registry,
                "kritik.lag.problems",
                "Groups and topics that the last look could not read, and other things that it missed",
                self -> self.problems);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<LagExporter> value) {
        Gauge.builder(name, this, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Begins to look. To be called once. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::guarded, 0, config.interval().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void guarded() {
        try {
            refresh();
        } catch (Error e) {
            LOGGER.atError().setCause(e).log("nothing looks at lag any more");
            death = Optional.of("nothing looks at lag any more: " + e);
            throw e;
        }
    }

    /** One look; a failure is kept for {@link #idle()}. */
    void refresh() {
        try {
            LagReport report = look.get();
            meters.show(report);
            fresh = Optional.of(nanos.getAsLong());
            problems = report.problems().size();
            if (failure.isPresent()) {
                LOGGER.atInfo().log("the brokers tell lag again");
            }
            failure = Optional.empty();
        } catch (RuntimeException e) {
            if (failure.isEmpty()) {
                LOGGER.atWarn().addKeyValue("reason", e.getMessage()).log("lag can't be read");
            }
            failure = Optional.of(String.valueOf(e.getMessage()));
            problems = 0;
            if (old()) {
                meters.clear();
            }
        }
    }

    private double up() {
        return fresh.isPresent() && failure.isEmpty() ? 1 : 0;
    }

    private Optional<Duration> age() {
        return fresh.map(then -> Duration.ofNanos(nanos.getAsLong() - then));
    }

    private boolean old() {
        return age().map(age -> age.compareTo(config.keep()) > 0).orElse(true);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public Optional<String> dead() {
        return death;
    }

    @Override
    public Optional<String> idle() {
        if (!old()) {
            return Optional.empty();
        }
        String age = age().map(old -> "the figures of lag are " + old.toSeconds() + " s old")
                .orElse("lag has not been read yet");
        return Optional.of(age + failure.map(reason -> ": " + reason).orElse(""));
    }

    /** Stops looking; returns when the last look has ended, which is bounded. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(config.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atWarn().log("a look at lag has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
