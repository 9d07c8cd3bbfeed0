/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.common.config.TopicConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.schema.Topics;

/**
 * What Kritik needs on a cluster, as a pure function of the configuration and of what the broker can do.
 *
 * @param topics the topics, in the order of the flow
 * @param group the settings of the workers' share group; empty where the broker has no share groups
 */
record Blueprint(List<TopicSpec> topics, Map<String, String> group) {

    /** Room for the headers that say why a record is a dead letter, on top of the largest record. */
    private static final int DEAD_LETTER_HEADERS = 64 * 1024;

    /** Lets a share group's dead letters in; a topic setting of Kafka 4.4. */
    private static final String DLQ_ALLOWED = "errors.deadletterqueue.group.enable";

    static Blueprint of(TopicsConfig config, Topics names, Broker broker) {
        TopicsConfig.Retention keep = config.retention();
        List<TopicSpec> topics = new ArrayList<>(List.of(
                topic(config, names.rollouts(), keep.rollouts()),
                topic(config, names.critiqueRequests(), keep.requests()),
                topic(config, names.critiques(), keep.critiques()),
                topic(config, names.rewards(), keep.rewards())));
        Optional<String> queue = broker.deadLetterQueue(names.deadLetters());
        topics.add(deadLetters(config, names.deadLetters(), queue.equals(Optional.of(names.deadLetters()))));
        queue.filter(name -> !name.equals(names.deadLetters()))
                .ifPresent(name -> topics.add(deadLetters(config, name, true)));
        return new Blueprint(List.copyOf(topics), broker.shareGroups() ? group(config, queue) : Map.of());
    }

    private static TopicSpec topic(TopicsConfig config, String name, long retentionMs) {
        return new TopicSpec(
                name,
                config.partitions(),
                config.replication(),
                settings(config, retentionMs, config.maxMessageBytes()));
    }

    private static TopicSpec deadLetters(TopicsConfig config, String name, boolean fromShareGroups) {
        Map<String, String> settings =
                settings(config, config.retention().deadLetters(), config.maxMessageBytes() + DEAD_LETTER_HEADERS);
        if (fromShareGroups) {
            settings.put(DLQ_ALLOWED, "true");
        }
        return new TopicSpec(name, config.partitions(), config.replication(), settings);
    }

    private static Map<String, String> settings(TopicsConfig config, long retentionMs, int maxMessageBytes) {
        Map<String, String> settings = new TreeMap<>();
        // By time only: a compacted rollouts topic would keep one member of each group.
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMs));
        settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1"); // a limit in bytes would drop what a replay needs
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        // Each producer knows what its records are worth; the broker must not compress them again.
        settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
        if (config.minInsync() > 0) {
            settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(config.minInsync()));
        }
        return settings;
    }

    private static Map<String, String> group(TopicsConfig config, Optional<String> queue) {
        Map<String, String> settings = new TreeMap<>();
        // The default, latest, loses the requests that were sent before the first worker came.
        settings.put("share.auto.offset.reset", "earliest");
        // The default hands out requests of aborted transactions, that is of groups that were never opened.
        settings.put("share.isolation.level", "read_committed");
        settings.put(
                "share.record.lock.duration.ms", Long.toString(config.lock().toMillis()));
        settings.put("share.delivery.count.limit", Integer.toString(config.deliveries()));
        // Without a queue the broker drops a request after its last delivery, and says nothing.
        queue.ifPresent(topic -> {
            settings.put("errors.deadletterqueue.topic.name", topic);
            settings.put("errors.deadletterqueue.copy.record.enable", "true");
        });
        return settings;
    }
}
