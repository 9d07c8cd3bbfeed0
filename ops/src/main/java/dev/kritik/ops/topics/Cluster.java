/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * The few questions and orders that the bootstrap has for a cluster. Blocks; not thread-safe. Not final, so that tests can
 * step in between looking and making.
 */
class Cluster implements AutoCloseable {

    /** We may not do something; the message names the ACL that is missing. */
    static final class DeniedException extends KafkaException {

        private static final long serialVersionUID = 1L;

        DeniedException(String acl, AuthorizationException cause) {
            super("not allowed (" + cause.getMessage() + "): this user needs " + acl, cause);
        }
    }

    private final Admin admin;

    Cluster(Map<String, Object> client) {
        Map<String, Object> settings = new HashMap<>();
        // A person waits: a wrong address shows after 20 s, not after a minute.
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.putAll(client);
        admin = Admin.create(settings);
    }

    /** What the brokers can do. */
    Broker broker() {
        var features =
                await(admin.describeFeatures().featureMetadata(), "nothing").finalizedFeatures();
        int shareVersion = Optional.ofNullable(features.get("share.version"))
                .map(version -> (int) version.maxVersionLevel())
                .orElse(0);
        return new Broker(shareVersion, shareVersion < 2 ? Broker.DEFAULT_QUEUE_PREFIX : queuePrefix());
    }

    private String queuePrefix() {
        String node = await(admin.describeCluster().nodes(), "DESCRIBE on the cluster").stream()
                .findFirst()
                .map(first -> first.idString())
                .orElse("");
        try {
            return entries(new ConfigResource(ConfigResource.Type.BROKER, node), "DESCRIBE_CONFIGS on the cluster")
                    .stream()
                    .filter(entry -> entry.name().equals("errors.deadletterqueue.topic.name.prefix"))
                    .map(ConfigEntry::value)
                    .map(value -> value == null ? "" : value)
                    .findFirst()
                    .orElse(Broker.DEFAULT_QUEUE_PREFIX);
        } catch (DeniedException e) {
            return Broker.DEFAULT_QUEUE_PREFIX;
        }
    }

    /** The topic as it is; empty if it does not exist. */
    Optional<FoundTopic> topic(String name) {
        return describe(name).map(description -> found(name, description));
    }

    /** How many partitions the topic has; empty if it does not exist. */
    Optional<Integer> partitions(String name) {
        return describe(name).map(description -> description.partitions().size());
    }

    private Optional<TopicDescription> describe(String name) {
        try {
            return Optional.of(await(
                    admin.describeTopics(List.of(name)).topicNameValues().get(name),
                    "DESCRIBE on topic '" + name + "'"));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private FoundTopic found(String name, TopicDescription description) {
        Map<String, String> settings = new HashMap<>();
        entries(new ConfigResource(ConfigResource.Type.TOPIC, name), "DESCRIBE_CONFIGS on topic '" + name + "'")
                .forEach(entry -> settings.put(entry.name(), entry.value()));
        int replication = description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        return new FoundTopic(description.partitions().size(), replication, settings);
    }

    /** Makes the topic; false if it came into being meanwhile. */
    boolean create(TopicSpec spec) {
        Optional<Short> replication = Optional.of(spec.replication()).filter(copies -> copies > 0);
        NewTopic topic =
                new NewTopic(spec.name(), Optional.of(spec.partitions()), replication).configs(spec.settings());
        try {
            await(
                    admin.createTopics(List.of(topic)).all(),
                    "CREATE on topic '" + spec.name() + "' or on the cluster, and ALTER_CONFIGS on the topic");
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }

    /** The settings that were made for the group; defaults are left out. */
    Map<String, String> group(String name) {
        Map<String, String> settings = new HashMap<>();
        entries(new ConfigResource(ConfigResource.Type.GROUP, name), "DESCRIBE_CONFIGS on group '" + name + "'")
                .stream()
                .filter(entry -> entry.source() == ConfigSource.DYNAMIC_GROUP_CONFIG)
                .forEach(entry -> settings.put(entry.name(), entry.value()));
        return settings;
    }

    /** Makes settings for the group, which need not exist yet. */
    void setGroup(String name, Map<String, String> settings) {
        Collection<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(new ConfigEntry(setting.getKey(), setting.getValue()), OpType.SET))
                .toList();
        await(
                admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, name), changes))
                        .all(),
                "ALTER_CONFIGS on group '" + name + "'");
    }

    /** All rights and denials of the cluster; empty where brokers have no authorizer, so that everybody may do everything. */
    Optional<Collection<AclBinding>> acls() {
        try {
            return Optional.of(await(admin.describeAcls(AclBindingFilter.ANY).values(), "DESCRIBE on the cluster"));
        } catch (SecurityDisabledException e) {
            return Optional.empty();
        }
    }

    /** Gives rights. */
    void addAcls(Collection<AclBinding> bindings) {
        await(admin.createAcls(bindings).all(), "ALTER on the cluster");
    }

    private Collection<ConfigEntry> entries(ConfigResource resource, String acl) {
        return await(admin.describeConfigs(List.of(resource)).values().get(resource), acl)
                .entries();
    }

    private static <T> T await(KafkaFuture<T> future, String acl) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException denied) {
                throw new DeniedException(acl, denied);
            }
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for the cluster", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
