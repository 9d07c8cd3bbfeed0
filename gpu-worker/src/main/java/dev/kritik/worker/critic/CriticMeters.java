/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kritik.schema.Critique;

/** What the critic tells about itself. */
final class CriticMeters {

    private final MeterRegistry registry;
    private final AtomicInteger inFlight;

    CriticMeters(MeterRegistry registry) {
        this.registry = registry;
        this.inFlight = registry.gauge("kritik.worker.samples.in.flight", new AtomicInteger());
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    /** One try of the judge that ended so: {@code ok} or a reason. */
    void tried(String outcome, long millis) {
        Timer.builder("kritik.worker.judge")
                .description("Time in the judge, one try each")
                .tag("outcome", outcome)
                .register(registry)
                .record(millis, TimeUnit.MILLISECONDS);
    }

    /** A further try became needed, for this reason. */
    void retried(String reason) {
        Counter.builder("kritik.worker.retries")
                .description("Further tries of samples")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    /** One try of the Meta RM. */
    void scored(boolean ok, long millis) {
        Timer.builder("kritik.worker.meta")
                .description("Time in the Meta RM, one try each")
                .tag("outcome", ok ? "ok" : "failed")
                .register(registry)
                .record(millis, TimeUnit.MILLISECONDS);
    }

    void answered(Critique critique) {
        Counter.builder("kritik.worker.samples")
                .description("Samples answered")
                .tag("status", critique.getStatus().name())
                .tag("reason", critique.getReason() == null ? "none" : critique.getReason())
                .register(registry)
                .increment();
        tokens("prompt", critique.getPromptTokens());
        tokens("completion", critique.getCompletionTokens());
    }

    private void tokens(String kind, Long count) {
        if (count != null) {
            Counter.builder("kritik.worker.tokens")
                    .description("Tokens, as the judge counted")
                    .tag("kind", kind)
                    .register(registry)
                    .increment(count);
        }
    }
}
