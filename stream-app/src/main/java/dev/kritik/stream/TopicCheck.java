/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;

/** Looks, before the start, whether the topics are as the application needs them. */
final class TopicCheck {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicCheck.class);
    private static final int TIMEOUT_SECONDS = 30;

    private TopicCheck() {}

    /**
     * Returns if the topics will do.
     *
     * @throws ConfigError if they won't, or if no broker answers; says what to do
     */
    static void check(StreamConfig config, KafkaSettings kafka) {
        Topics topics = kafka.topics();
        try (Admin admin = Admin.create(kafka.client())) {
            checkPartitions(topics, describe(admin, topics));
            checkSizes(
                    admin,
                    Map.of(
                            topics.critiqueRequests(), config.rules().limits().requestBytes(),
                            topics.rewards(), config.maxRewardBytes(),
                            topics.deadLetters(), config.maxDeadLetterBytes()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigError("interrupted while looking at the topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ConfigError(
                    "can't look at the topics on " + kafka.client().get(KafkaSettings.BOOTSTRAP_SERVERS.substring(6))
                            + " (" + KafkaSettings.BOOTSTRAP_SERVERS + "): " + e.getMessage(),
                    e);
        }
    }

    private static Map<String, TopicDescription> describe(Admin admin, Topics topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> found = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (var topic : admin.describeTopics(topics.all()).topicNameValues().entrySet()) {
            try {
                found.put(topic.getKey(), get(topic.getValue()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(topic.getKey());
            }
        }
        if (!missing.isEmpty()) {
            throw new ConfigError("these topics don't exist: "
                    + missing.stream().sorted().toList() + "; create them with: kritik topics create");
        }
        return found;
    }

    private static void checkPartitions(Topics topics, Map<String, TopicDescription> found) {
        int rollouts = found.get(topics.rollouts()).partitions().size();
        int critiques = found.get(topics.critiques()).partitions().size();
        if (rollouts != critiques) {
            throw new ConfigError("topic '" + topics.rollouts() + "' has " + rollouts + " partitions and '"
                    + topics.critiques() + "' has " + critiques
                    + "; they need the same number, so that a group meets its critiques (kritik topics create)");
        }
    }

    private static void checkSizes(Admin admin, Map<String, Integer> needed)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = needed.keySet().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<ConfigResource, Config> configs;
        try {
            configs = get(admin.describeConfigs(resources).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOGGER.atInfo().log("the settings of the topics may not be read; their sizes are not checked");
            return;
        }
        configs.forEach((resource, settings) -> {
            int most = Integer.parseInt(
                    settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
            if (most < needed.get(resource.name())) {
                throw new ConfigError("topic '" + resource.name() + "' takes records of up to " + most
                        + " bytes (max.message.bytes), but up to " + needed.get(resource.name())
                        + " may be written; raise the one, or lower " + StreamConfig.MAX_REQUEST_BYTES + ", "
                        + StreamConfig.MAX_REWARD_BYTES + " or " + StreamConfig.MAX_DEAD_LETTER_BYTES);
            }
        });
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
