/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

import java.time.Duration;
import java.util.Map;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;

/**
 * How the topics and the workers' share group should be set up.
 *
 * @param partitions see {@code topics.partitions}
 * @param replication see {@code topics.replication}
 * @param minInsync see {@code topics.min.insync}
 * @param maxMessageBytes see {@code topics.max.message.bytes}
 * @param retention how long each topic keeps its records
 * @param lock see {@code topics.group.lock.ms}
 * @param deliveries see {@code topics.group.deliveries}
 */
public record TopicsConfig(
        int partitions,
        short replication,
        int minInsync,
        int maxMessageBytes,
        Retention retention,
        Duration lock,
        int deliveries) {

    /** How long each topic keeps its records, in milliseconds; -1 = for ever. */
    public record Retention(long rollouts, long requests, long critiques, long rewards, long deadLetters) {}

    private static final String PARTITIONS = "topics.partitions";
    private static final String REPLICATION = "topics.replication";
    private static final String MIN_INSYNC = "topics.min.insync";
    private static final String MAX_MESSAGE_BYTES = "topics.max.message.bytes";
    private static final String ROLLOUTS = "topics.rollouts.retention.ms";
    private static final String REQUESTS = "topics.critique.requests.retention.ms";
    private static final String CRITIQUES = "topics.critiques.retention.ms";
    private static final String REWARDS = "topics.rewards.retention.ms";
    private static final String DEAD_LETTERS = "topics.dead.letters.retention.ms";
    private static final String LOCK = "topics.group.lock.ms";
    private static final String DELIVERIES = "topics.group.deliveries";

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long MONTH = 30 * DAY;
    private static final int MIB = 1024 * 1024;

    private static final String KEPT = "Milliseconds for which records are kept (-1 = for ever) on ";

    /** The keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    PARTITIONS,
                    ConfigDef.Type.INT,
                    12,
                    Range.between(1, 10_000),
                    Importance.HIGH,
                    "Partitions of each topic. rollouts and critiques must have the same number, and it is never changed"
                            + " once there are records: a group would be looked for on another partition. It bounds how many"
                            + " tasks the stream application can share among its instances.")
            .define(
                    REPLICATION,
                    ConfigDef.Type.INT,
                    -1,
                    Range.between(-1, 100),
                    Importance.HIGH,
                    "Copies of each partition; -1 = the broker's default.replication.factor. 3 in production, 1 on a single"
                            + " broker.")
            .define(
                    MIN_INSYNC,
                    ConfigDef.Type.INT,
                    0,
                    Range.between(0, 100),
                    Importance.MEDIUM,
                    "Copies that must have a record before it counts as written; 0 = the broker's min.insync.replicas. 2"
                            + " where there are 3 copies.")
            .define(
                    MAX_MESSAGE_BYTES,
                    ConfigDef.Type.INT,
                    16 * MIB,
                    Range.between(MIB, 90 * MIB),
                    Importance.MEDIUM,
                    "Largest batch of records in bytes, after compression. A request carries a whole panel of responses, so"
                            + " that Kafka's default of 1 MiB is too small. dead-letters gets 64 KiB more, for its headers.")
            .define(
                    ROLLOUTS,
                    ConfigDef.Type.LONG,
                    MONTH,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    KEPT + "rollouts: they are what a replay starts from.")
            .define(
                    REQUESTS,
                    ConfigDef.Type.LONG,
                    DAY,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    KEPT
                            + "critique-requests: longer than the longest evaluation deadline, after which a request is of no use.")
            .define(
                    CRITIQUES,
                    ConfigDef.Type.LONG,
                    MONTH,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    KEPT + "critiques: they are training data for the reward model.")
            .define(
                    REWARDS,
                    ConfigDef.Type.LONG,
                    MONTH,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    KEPT + "rewards: longer than a trainer may be away.")
            .define(
                    DEAD_LETTERS,
                    ConfigDef.Type.LONG,
                    MONTH,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    KEPT + "dead-letters: longer than it takes a person to look.")
            .define(
                    LOCK,
                    ConfigDef.Type.INT,
                    30_000,
                    Range.between(15_000, 60_000),
                    Importance.LOW,
                    "Milliseconds for which a request is locked for the worker that took it (share.record.lock.duration.ms);"
                            + " the worker renews the lock while it works. After a worker's death its requests wait this long"
                            + " at most.")
            .define(
                    DELIVERIES,
                    ConfigDef.Type.INT,
                    5,
                    Range.between(2, 10),
                    Importance.LOW,
                    "How often a request is handed out before the broker gives it up (share.delivery.count.limit).");

    public TopicsConfig {
        if (replication == 0) {
            throw new ConfigError(REPLICATION + " is 0; -1 stands for the broker's default, 1 for a single copy");
        }
        if (replication > 0 && minInsync > replication) {
            throw new ConfigError(MIN_INSYNC + " (" + minInsync + ") is above " + REPLICATION + " (" + replication
                    + "): nothing could ever be written");
        }
    }

    /**
     * Reads the keys out of all configuration.
     *
     * @throws ConfigError if a value is wrong; names the key
     */
    public static TopicsConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        return new TopicsConfig(
                config.getInt(PARTITIONS),
                config.getInt(REPLICATION).shortValue(),
                config.getInt(MIN_INSYNC),
                config.getInt(MAX_MESSAGE_BYTES),
                new Retention(
                        config.getLong(ROLLOUTS),
                        config.getLong(REQUESTS),
                        config.getLong(CRITIQUES),
                        config.getLong(REWARDS),
                        config.getLong(DEAD_LETTERS)),
                Duration.ofMillis(config.getInt(LOCK)),
                config.getInt(DELIVERIES));
    }
}
