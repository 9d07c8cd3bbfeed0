/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.task.Backoff;
import dev.kritik.worker.task.SourceSettings;
import dev.kritik.worker.task.TaskSources;

/**
 * Configuration of a worker, its judge aside.
 *
 * @param name see {@code worker.name}
 * @param topics names of the topics
 * @param source see {@code worker.source}
 * @param settings what the source of tasks needs
 * @param shutdownGrace see {@code worker.shutdown.grace.ms}
 */
public record WorkerConfig(
        String name, Topics topics, TaskSources.Kind source, SourceSettings settings, Duration shutdownGrace) {

    private static final String NAME = "worker.name";
    private static final String GROUP = "worker.group";
    private static final String SLOTS = "worker.slots";
    private static final String SOURCE = "worker.source";
    private static final String ATTEMPTS = "worker.attempts";
    private static final String BACKOFF = "worker.backoff.ms";
    private static final String BACKOFF_MAX = "worker.backoff.max.ms";
    private static final String SHUTDOWN_GRACE = "worker.shutdown.grace.ms";
    private static final String REVOKE_GRACE = "worker.revoke.grace.ms";

    /** The keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    NAME,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.LOW,
                    "Name of this worker, in critiques, client ids and logs. Empty: host name and process id.")
            .define(
                    GROUP,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "Share group (or consumer group) of all workers. Empty: kritik-workers with topics.prefix in front.")
            .define(
                    SLOTS,
                    ConfigDef.Type.INT,
                    16,
                    Range.between(1, 1000),
                    Importance.HIGH,
                    "Requests that this worker works on at once. With the share source each slot is a group member of its"
                            + " own, and the broker's group.share.max.size (200 unless set) bounds those of all workers.")
            .define(
                    SOURCE,
                    ConfigDef.Type.STRING,
                    "auto",
                    ValidString.in("auto", "share", "classic"),
                    Importance.MEDIUM,
                    "How requests are taken: share (a share group, brokers from 4.2), classic (a consumer group; at most as"
                            + " many workers get work as the topic has partitions), or auto: share where the broker has it.")
            .define(
                    ATTEMPTS,
                    ConfigDef.Type.INT,
                    5,
                    Range.between(1, 1000),
                    Importance.LOW,
                    "Tries at a request before its samples are answered FAILED. For the classic source; with the share"
                            + " source the group's share.delivery.count.limit counts.")
            .define(
                    BACKOFF,
                    ConfigDef.Type.LONG,
                    1000L,
                    Range.between(1, 3_600_000),
                    Importance.LOW,
                    "Pause after a first failure (a request that could not be handled, a lost connection), in milliseconds;"
                            + " it doubles with each further one.")
            .define(
                    BACKOFF_MAX,
                    ConfigDef.Type.LONG,
                    30_000L,
                    Range.between(1, 3_600_000),
                    Importance.LOW,
                    "Longest pause between tries, in milliseconds.")
            .define(
                    SHUTDOWN_GRACE,
                    ConfigDef.Type.LONG,
                    30_000L,
                    Range.between(0, 3_600_000),
                    Importance.MEDIUM,
                    "How long a worker that is told to stop goes on with the requests in hand, in milliseconds; what is not"
                            + " done by then goes back to the group.")
            .define(
                    REVOKE_GRACE,
                    ConfigDef.Type.LONG,
                    10_000L,
                    Range.between(0, 240_000),
                    Importance.LOW,
                    "How long a rebalance of the classic source waits for requests of partitions that move to another"
                            + " worker, in milliseconds. Well below Kafka's max.poll.interval.ms (300000 unless set).");

    /**
     * Reads the configuration.
     *
     * @throws ConfigError naming the key that is wrong
     */
    public static WorkerConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        KafkaSettings kafka = KafkaSettings.from(all);
        Topics topics = kafka.topics();
        String name = orElse(config.getString(NAME), defaultName());
        if (config.getLong(BACKOFF_MAX) < config.getLong(BACKOFF)) {
            throw new ConfigError(BACKOFF_MAX + " (" + config.getLong(BACKOFF_MAX) + ") is below " + BACKOFF + " ("
                    + config.getLong(BACKOFF) + "); give it at least as much");
        }
        SourceSettings settings = new SourceSettings(
                topics.critiqueRequests(),
                orElse(config.getString(GROUP), topics.prefix() + "kritik-workers"),
                name,
                config.getInt(SLOTS),
                config.getInt(ATTEMPTS),
                new Backoff(millis(config, BACKOFF), millis(config, BACKOFF_MAX)),
                millis(config, REVOKE_GRACE),
                kafka);
        TaskSources.Kind source =
                TaskSources.Kind.valueOf(config.getString(SOURCE).toUpperCase(Locale.ROOT));
        return new WorkerConfig(name, topics, source, settings, millis(config, SHUTDOWN_GRACE));
    }

    private static Duration millis(AbstractConfig config, String key) {
        return Duration.ofMillis(config.getLong(key));
    }

    private static String orElse(String value, String fallback) {
        return value.isEmpty() ? fallback : value;
    }

    private static String defaultName() {
        long pid = ProcessHandle.current().pid();
        try {
            return InetAddress.getLocalHost().getHostName() + "-" + pid;
        } catch (UnknownHostException e) { // a host without a name of its own
            return "worker-" + pid;
        }
    }
}
