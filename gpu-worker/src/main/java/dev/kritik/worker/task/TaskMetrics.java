/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of tasks, as meters. Safe for many threads. */
public final class TaskMetrics {

    /** Gauge: tasks in hand. */
    public static final String IN_FLIGHT = "kritik.worker.tasks.in.flight";

    /** Counter with the tag {@code outcome}: accepted, failed, given-up, returned, lost. */
    public static final String TASKS = "kritik.worker.tasks";

    /** Counter: locks on tasks that were renewed. */
    public static final String RENEWALS = "kritik.worker.lock.renewals";

    /** Counter: consumers that failed and were opened anew. */
    public static final String RESTARTS = "kritik.worker.source.restarts";

    final AtomicInteger inFlight = new AtomicInteger();
    final Counter accepted;
    final Counter failed;
    final Counter givenUp;
    final Counter returned;
    final Counter lost;
    final Counter renewals;
    final Counter restarts;

    public TaskMetrics(MeterRegistry registry) {
        registry.gauge(IN_FLIGHT, inFlight);
        accepted = outcome(registry, "accepted");
        failed = outcome(registry, "failed");
        givenUp = outcome(registry, "given-up");
        returned = outcome(registry, "returned");
        lost = outcome(registry, "lost");
        renewals = registry.counter(RENEWALS);
        restarts = registry.counter(RESTARTS);
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return registry.counter(TASKS, "outcome", outcome);
    }
}
