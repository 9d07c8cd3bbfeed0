/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.ops.replay.rescore.RescoreSpace;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamApp;
import dev.kritik.trainer.grpo.KafkaExchange;
import dev.kritik.worker.WorkerConfig;

/**
 * What the things of an installation are called on its cluster.
 *
 * @param topics its topics
 * @param deadLetterQueue the topic for the dead letters of the share group, where brokers want one of their own
 * @param application id of the stream application, which is its consumer group, and begins the names of its internal topics and
 *     of its transactional ids
 * @param workers group of the workers
 * @param otherGroups further groups whose lag is looked at; one that ends in {@code *} stands for all that begin so
 * @param transactions how the transactional ids of trainers begin
 * @param rescores how all names of rescores begin
 */
public record AclNames(
        Topics topics,
        Optional<String> deadLetterQueue,
        String application,
        String workers,
        List<String> otherGroups,
        List<String> transactions,
        String rescores) {

    public AclNames {
        otherGroups = List.copyOf(otherGroups);
        transactions = List.copyOf(transactions);
    }

    /**
     * The names that follow from all configuration; brokers need not be known.
     *
     * @param deadLetterQueue the topic that brokers want for the dead letters of the share group; empty if none or ours
     * @throws dev.kritik.schema.config.ConfigError if a key is wrong; names the key
     */
    public static AclNames of(Map<String, String> config, AclConfig acl, Optional<String> deadLetterQueue) {
        Topics topics = KafkaSettings.from(config).topics();
        List<String> transactions =
                acl.transactions().isEmpty() ? List.of(KafkaExchange.transactions(topics)) : acl.transactions();
        return new AclNames(
                topics,
                deadLetterQueue,
                StreamApp.applicationId(topics),
                WorkerConfig.from(config).settings().group(),
                acl.groups(),
                transactions,
                RescoreSpace.prefixOfAll(topics));
    }
}
