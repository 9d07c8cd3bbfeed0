/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.kritik.gateway.http.HttpMetrics;
import dev.kritik.gateway.jobs.JobMetrics;
import dev.kritik.telemetry.RoleMeters;

/** What the gateway counts, for Prometheus. No label holds an id. Safe for use by many threads. */
final class GatewayMetrics implements HttpMetrics, JobMetrics, AutoCloseable {

    private final RoleMeters meters = new RoleMeters("gateway");
    private final MeterRegistry registry = meters.registry();
    private final Counter fresh = submissions("written");
    private final Counter repeated = submissions("repeated");

    /** Where everything is registered. */
    RoleMeters meters() {
        return meters;
    }

    private Counter submissions(String kind) {
        return Counter.builder("kritik.gateway.submissions")
                .description("Groups that clients sent: written, or repeated, which needed no judgement of their own")
                .tag("kind", kind)
                .register(registry);
    }

    /** Figures that are asked for; a unit is part of the name in Prometheus. */
    void gauge(String name, String unit, String description, Supplier<Number> value) {
        Gauge.builder(name, value).baseUnit(unit).description(description).register(registry);
    }

    @Override
    public void submitted(boolean again) {
        (again ? repeated : fresh).increment();
    }

    @Override
    public void answered(String route, int status, long nanos) {
        Timer.builder("kritik.gateway.requests")
                .description("Requests by route and HTTP status, with the time until the answer")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    String scrape() {
        return meters.scrape();
    }

    @Override
    public void close() {
        meters.close();
    }
}
