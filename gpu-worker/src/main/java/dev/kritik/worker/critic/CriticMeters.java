/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.kritik.schema.Critique;
import dev.kritik.telemetry.CounterFamily;

/** What the critic tells about itself. */
final class CriticMeters {

    /** Stands for what has no name, or no reason. */
    static final String NONE = CounterFamily.NONE;

    /** Bounds of a model's times: a short critique of a small model, and minutes of thinking. */
    private static final Duration[] BUCKETS =
            List.of(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000)
                    .stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CounterFamily replaced;
    private final CounterFamily retries;
    private final CounterFamily samples;
    private final CounterFamily tokens;

    CriticMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("kritik.worker.samples.in.flight", inFlight, AtomicInteger::get)
                .description("Samples that are being judged, or wait for a place at their judge")
                .strongReference(true)
                .register(registry);
        replaced = new CounterFamily(
                registry,
                "kritik.worker.replaced",
                "Samples that another judge of the jury had in place of their own",
                "judge",
                "reason");
        retries = new CounterFamily(registry, "kritik.worker.retries", "Further tries of samples", "reason");
        samples = new CounterFamily(registry, "kritik.worker.samples", "Samples answered", "status", "reason");
        tokens = new CounterFamily(registry, "kritik.worker.tokens", "Tokens, as the judge counted", "kind");
        tokens.of("prompt");
        tokens.of("completion");
        samples.of("OK", null);
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    /** Tells from now on whether a judge is up. */
    void watch(Seat seat, BooleanSupplier up) {
        Gauge.builder("kritik.worker.judge.up", up, asked -> asked.getAsBoolean() ? 1 : 0)
                .description("Whether the judge takes requests: 1, or 0 when it was found down")
                .tag("judge", seat.label())
                .strongReference(true)
                .register(registry);
    }

    /** One try of a judge that ended so: {@code ok} or a reason. */
    void tried(Seat seat, String outcome, long millis) {
        Timer.builder("kritik.worker.judge")
                .description("Time in the judge, one try each")
                .tag("judge", seat.label())
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Another judge than the one that was to write a sample had its last try.
     *
     * @param reason why that one did not
     */
    void replaced(Nominees nominees, String reason) {
        // a name that is not known comes from a request: no tag of its own for whatever stands there
        replaced.of(nominees.known() ? nominees.own().label() : "unknown", reason)
                .increment();
    }

    /** A further try became needed, for this reason. */
    void retried(String reason) {
        retries.of(reason).increment();
    }

    /** One try of the Meta RM. */
    void scored(boolean ok, long millis) {
        Timer.builder("kritik.worker.meta")
                .description("Time in the Meta RM, one try each")
                .tag("outcome", ok ? "ok" : "failed")
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(millis, TimeUnit.MILLISECONDS);
    }

    void answered(Critique critique) {
        samples.of(critique.getStatus().name(), critique.getReason()).increment();
        tokens("prompt", critique.getPromptTokens());
        tokens("completion", critique.getCompletionTokens());
    }

    private void tokens(String kind, Long count) {
        if (count != null) {
            tokens.of(kind).increment(count);
        }
    }
}
