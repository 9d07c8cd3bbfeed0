/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.consumer.Consumer;

import java.util.concurrent.atomic.AtomicInteger;

import dev.kritik.telemetry.CounterFamily;

/** What becomes of tasks, as meters. Safe for many threads. */
public final class TaskMetrics {

    /** Gauge: tasks in hand, so slots that are busy. */
    public static final String IN_FLIGHT = "kritik.worker.tasks.in.flight";

    /** Counter with the tag {@code outcome}: accepted, failed, given-up, returned, lost. */
    public static final String TASKS = "kritik.worker.tasks";

    /** Counter with the tag {@code delivery}: how often the broker had delivered the task, with this time. */
    public static final String DELIVERIES = "kritik.worker.deliveries";

    /** Counter: locks on tasks that were renewed. */
    public static final String RENEWALS = "kritik.worker.lock.renewals";

    /** Counter: consumers that failed and were opened anew. */
    public static final String RESTARTS = "kritik.worker.source.restarts";

    /** Deliveries that have a counter of their own: as many as the broker makes unless told otherwise. */
    private static final int COUNTED = 5;

    final AtomicInteger inFlight = new AtomicInteger();
    final Counter accepted;
    final Counter failed;
    final Counter givenUp;
    final Counter returned;
    final Counter lost;
    final Counter renewals;
    final Counter restarts;
    private final MeterRegistry registry;
    private final CounterFamily deliveries;

    public TaskMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder(IN_FLIGHT, inFlight, AtomicInteger::get)
                .description("Tasks in hand: slots that are busy")
                .register(registry);
        CounterFamily outcomes = new CounterFamily(registry, TASKS, "What became of tasks", "outcome");
        accepted = outcomes.of("accepted");
        failed = outcomes.of("failed");
        givenUp = outcomes.of("given-up");
        returned = outcomes.of("returned");
        lost = outcomes.of("lost");
        deliveries = new CounterFamily(
                registry, DELIVERIES, "Tasks taken, by how often they had been delivered", "delivery");
        deliveries.of("1");
        renewals = new CounterFamily(registry, RENEWALS, "Locks on tasks that were renewed").of();
        restarts = new CounterFamily(registry, RESTARTS, "Consumers that failed and were opened anew").of();
    }

    /** A task was taken, in its so-many-th delivery. */
    void taken(int delivery) {
        inFlight.incrementAndGet();
        deliveries.of(delivery > COUNTED ? "more" : Integer.toString(delivery)).increment();
    }

    /** Shows the figures of a consumer until they are closed. */
    KafkaClientMetrics watch(Consumer<?, ?> consumer) {
        KafkaClientMetrics watched = new KafkaClientMetrics(consumer);
        watched.bindTo(registry);
        return watched;
    }
}
