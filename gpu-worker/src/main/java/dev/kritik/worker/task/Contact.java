/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

import java.util.Map;
import java.util.OptionalDouble;

/** Tells from a consumer's own metrics whether it is in touch with its group. */
final class Contact {

    /** Three of the broker's default intervals for share groups. */
    private static final double RECENT_SECONDS = 15;

    private Contact() {}

    /** Whether it has sent a heartbeat lately. */
    static boolean recent(Map<MetricName, ? extends Metric> metrics) {
        double ago = secondsSinceHeartbeat(metrics);
        return ago >= 0 && ago < RECENT_SECONDS;
    }

    /** Whether heartbeats have stopped, or failed to get out, for some time. Not so while the first is still to come. */
    static boolean overdue(Map<MetricName, ? extends Metric> metrics) {
        return secondsSinceHeartbeat(metrics) >= RECENT_SECONDS;
    }

    /** Whether it was a member once and has no connection to any broker now. */
    static boolean cut(Map<MetricName, ? extends Metric> metrics) {
        return secondsSinceHeartbeat(metrics) >= 0
                && value(metrics, "connection-count").orElse(1) == 0;
    }

    /** Kafka gives -1 before the first. */
    private static double secondsSinceHeartbeat(Map<MetricName, ? extends Metric> metrics) {
        return value(metrics, "last-heartbeat-seconds-ago").orElse(-1);
    }

    private static OptionalDouble value(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .map(entry -> entry.getValue().metricValue())
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .findFirst();
    }
}
