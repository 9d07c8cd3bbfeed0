/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What a broker says about share groups. */
public final class ShareGroups {

    private static final Logger LOGGER = LoggerFactory.getLogger(ShareGroups.class);

    /** Kafka's default of {@code group.share.delivery.count.limit}. */
    static final int DEFAULT_DELIVERY_LIMIT = 5;

    private ShareGroups() {}

    /**
     * Whether the cluster has share groups switched on (feature {@code share.version}).
     *
     * @throws KafkaException if the cluster can't be reached
     */
    public static boolean supported(Map<String, Object> kafka) {
        try (Admin admin = Admin.create(kafka)) {
            var features = await(admin.describeFeatures().featureMetadata()).finalizedFeatures();
            return Optional.ofNullable(features.get("share.version"))
                    .map(version -> version.maxVersionLevel() >= 1)
                    .orElse(false);
        }
    }

    /**
     * How often a record is delivered before the broker drops it: the group's setting, else the broker's. A broker that
     * refuses to say is taken to have Kafka's default.
     *
     * @throws KafkaException if the cluster can't be reached
     */
    static int deliveryLimit(Map<String, Object> kafka, String group) {
        try (Admin admin = Admin.create(kafka)) {
            var nodes = await(admin.describeCluster().nodes());
            Optional<Integer> limit = number(
                            admin, new ConfigResource(ConfigResource.Type.GROUP, group), "share.delivery.count.limit")
                    .or(() -> nodes.stream()
                            .findFirst()
                            .flatMap(node -> number(
                                    admin,
                                    new ConfigResource(ConfigResource.Type.BROKER, node.idString()),
                                    "group.share.delivery.count.limit")));
            return limit.orElse(DEFAULT_DELIVERY_LIMIT);
        }
    }

    private static Optional<Integer> number(Admin admin, ConfigResource resource, String key) {
        try {
            Config config =
                    await(admin.describeConfigs(List.of(resource)).values().get(resource));
            return Optional.ofNullable(config.get(key)).map(ConfigEntry::value).map(Integer::valueOf);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("resource", resource)
                    .addKeyValue("key", key)
                    .addKeyValue("error", e.toString())
                    .log("can't read a setting; allow the worker to describe configs, or Kafka's default is assumed");
            return Optional.empty();
        }
    }

    /** The result of a request; its failure as the exception that Kafka gave. */
    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for the broker", e);
        }
    }
}
