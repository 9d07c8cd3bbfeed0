/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.time.Duration;

import dev.kritik.schema.config.KafkaSettings;

/**
 * What every source needs to know.
 *
 * @param topic the topic of the tasks
 * @param group share group or consumer group of all workers
 * @param name names this worker in client ids, thread names and logs
 * @param slots most tasks in hand at once
 * @param attempts tries at a task before it is given up; for sources that count themselves
 * @param backoff pause after a failed try
 * @param revokeGrace how long a rebalance waits for tasks of the partitions that move away
 * @param kafka settings of every Kafka client: brokers, security
 */
public record SourceSettings(
        String topic,
        String group,
        String name,
        int slots,
        int attempts,
        Backoff backoff,
        Duration revokeGrace,
        KafkaSettings kafka) {}
