/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

import java.util.Map;

/** Tells from a consumer's own metrics whether it is a live member of its group. */
final class Heartbeats {

    /** Three of the broker's default intervals for share groups. */
    private static final double RECENT_SECONDS = 15;

    private Heartbeats() {}

    static boolean recent(Map<MetricName, ? extends Metric> metrics) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("last-heartbeat-seconds-ago"))
                .map(entry -> entry.getValue().metricValue())
                .anyMatch(ago -> ago instanceof Double seconds && seconds >= 0 && seconds < RECENT_SECONDS);
    }
}
