/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets share consumers be opened only while a broker answers. One that finds none spins in its network thread until one
 * does (clients 4.3.1: the search for the coordinator asks to be called again after 0 ms): a core for each slot, taken
 * from the very broker that is to come back where both share a machine. One admin client looks out for all slots, at
 * ease. Safe for many threads.
 */
final class BrokerGate {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerGate.class);

    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Map<String, Object> kafka;
    private volatile boolean closed;
    private boolean reachedBefore;
    private long reachedAt;
    private long awaySince;
    private boolean away;

    BrokerGate(Map<String, Object> kafka) {
        this.kafka = new HashMap<>(kafka);
        // It begins with the bootstrap servers each time; "rebootstrap", the default, would try them without a pause.
        this.kafka.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    }

    /** Lets no one through any more. */
    void close() {
        closed = true;
    }

    /**
     * Waits until a broker answers.
     *
     * @throws KafkaException if the gate was closed, or if the broker refuses us
     */
    synchronized void pass() {
        if (reachedBefore && System.nanoTime() - reachedAt < FRESH.toNanos()) {
            return;
        }
        while (!closed) {
            try (Admin admin = Admin.create(kafka)) {
                int millis = Math.toIntExact(LOOK.toMillis());
                ShareGroups.await(admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis))
                        .clusterId());
                reached();
                return;
            } catch (TimeoutException e) {
                if (!away) {
                    away = true;
                    awaySince = System.nanoTime();
                    LOGGER.atWarn()
                            .addKeyValue("error", e.getMessage())
                            .log("no broker can be reached; waiting for one");
                }
            }
        }
        throw new KafkaException("closed while no broker could be reached");
    }

    private void reached() {
        reachedBefore = true;
        reachedAt = System.nanoTime();
        if (away) {
            away = false;
            LOGGER.atInfo()
                    .addKeyValue(
                            "awayMs", Duration.ofNanos(reachedAt - awaySince).toMillis())
                    .log("a broker can be reached again");
        }
    }
}
