/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The figures of one role: a registry that begins with those of the JVM, lets through what {@link KafkaMeters} chose of
 * Kafka's own, and is read in Prometheus' text format. Safe for use by many threads.
 */
public final class RoleMeters implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final List<KafkaClientMetrics> added = new CopyOnWriteArrayList<>();
    private final String role;

    /** @param role which one, such as {@code stream} */
    public RoleMeters(String role) {
        this.role = role;
        registry.config().meterFilter(KafkaMeters.CHOSEN);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    /** Where the role registers what it counts. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Tells from now on whether the role does work of its own, as {@code kritik.ready}. To be called once. */
    public void watch(Health health) {
        Gauge.builder(
                        "kritik.ready",
                        health,
                        asked -> asked.dead().or(asked::idle).isEmpty() ? 1 : 0)
                .description("1 while the role does work of its own, else 0")
                .tag("role", role)
                .strongReference(true)
                .register(registry);
    }

    /** Shows the figures of a client of Kafka until these are closed. */
    public void add(KafkaClientMetrics figures) {
        figures.bindTo(registry);
        added.add(figures);
    }

    /** All figures in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        added.forEach(KafkaClientMetrics::close);
        collector.close();
        registry.close();
    }
}
