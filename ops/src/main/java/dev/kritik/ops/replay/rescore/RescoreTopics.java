/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.schema.config.KafkaSettings;

/**
 * Finds and deletes what a rescore has left on a cluster: everything whose name begins with its prefix, the dead-letter queue
 * that brokers want under a name of theirs, and nothing else.
 */
public final class RescoreTopics implements AutoCloseable {

    private static final int PATIENCE_MS = 20_000;

    /** Before the name of a share group's dead-letter queue, by the default of Kafka's brokers. */
    private static final String QUEUE = "dlq.";

    /**
     * What is there.
     *
     * @param groups by name; whether each is a share group
     */
    public record Found(SortedSet<String> topics, SortedMap<String, Boolean> groups) {
        /** Whether there is nothing. */
        public boolean isEmpty() {
            return topics.isEmpty() && groups.isEmpty();
        }
    }

    private final RescoreSpace space;
    private final Admin admin;

    /** Nothing is connected yet. */
    public RescoreTopics(RescoreSpace space, KafkaSettings kafka) {
        this.space = space;
        this.admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS)));
    }

    /**
     * Looks.
     *
     * @throws CommandFailed if the cluster does not answer
     */
    public Found find() {
        SortedSet<String> topics = new TreeSet<>(await(admin.listTopics().names()));
        topics.removeIf(name -> !ours(name));
        SortedMap<String, Boolean> groups = new TreeMap<>();
        for (GroupListing group : await(admin.listGroups().valid())) {
            if (ours(group.groupId())) {
                groups.put(
                        group.groupId(),
                        group.type().filter(GroupType.SHARE::equals).isPresent());
            }
        }
        return new Found(topics, groups);
    }

    /**
     * Deletes.
     *
     * @throws CommandFailed if something can't be deleted, as a group that still has members
     */
    public void delete(Found found) {
        if (!found.topics().stream().allMatch(this::ours)
                || !found.groups().keySet().stream().allMatch(this::ours)) {
            throw new IllegalStateException("not a rescore's: " + found);
        }
        List<String> share = found.groups().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
        List<String> consumer = found.groups().entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (!share.isEmpty()) {
            await(admin.deleteShareGroups(share).all());
        }
        if (!consumer.isEmpty()) {
            await(admin.deleteConsumerGroups(consumer).all());
        }
        if (!found.topics().isEmpty()) {
            await(admin.deleteTopics(found.topics()).all());
        }
    }

    private boolean ours(String name) {
        return name.startsWith(space.own().prefix())
                || name.equals(QUEUE + space.own().deadLetters());
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new CommandFailed(
                    "the cluster did not do it: " + e.getCause().getClass().getSimpleName() + ": "
                            + e.getCause().getMessage() + " (is the rescore still running somewhere?)",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
