/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamApp;

/** What the brokers say of themselves. Brokers are numbered from 0 here; their ids count from 1. Safe for many threads. */
final class Metadata implements AutoCloseable {

    private static final int ANSWER_S = 20;

    private final Admin admin;
    private final Topics topics;

    Metadata(Map<String, String> config) {
        KafkaSettings kafka = KafkaSettings.from(config);
        topics = kafka.topics();
        admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ANSWER_S * 1000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000)));
    }

    /** Partitions by leader, of all topics, internal ones too. */
    private Map<TopicPartition, TopicPartitionInfo> partitions() throws InterruptedException {
        var names =
                get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        Map<TopicPartition, TopicPartitionInfo> all = new HashMap<>();
        for (TopicDescription topic :
                get(admin.describeTopics(names).allTopicNames()).values()) {
            topic.partitions().forEach(one -> all.put(new TopicPartition(topic.name(), one.partition()), one));
        }
        return all;
    }

    /** The broker that leads most partitions; of equals the first. */
    int busiestLeader() throws InterruptedException {
        Map<Integer, Long> counts = partitions().values().stream()
                .filter(one -> one.leader() != null)
                .collect(Collectors.groupingBy(one -> one.leader().id(), TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                        .max(Map.Entry.<Integer, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                        .map(Map.Entry::getKey)
                        .orElse(1)
                - 1;
    }

    /** The active controller. */
    int controller() throws InterruptedException {
        return get(admin.describeMetadataQuorum().quorumInfo()).leaderId() - 1;
    }

    /** The partitions of {@code rollouts} that a broker leads. */
    List<Integer> ledBy(int broker) throws InterruptedException {
        return partitions().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topics.rollouts()))
                .filter(entry -> entry.getValue().leader() != null
                        && entry.getValue().leader().id() == broker + 1)
                .map(entry -> entry.getKey().partition())
                .sorted()
                .toList();
    }

    /** The partitions of {@code rollouts} that a stream-app reads. */
    List<Integer> ownedBy(String instance) throws InterruptedException {
        String group = StreamApp.applicationId(topics);
        return get(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().stream()
                .filter(member -> member.groupInstanceId().orElse("").startsWith(instance + "-"))
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .filter(partition -> partition.topic().equals(topics.rollouts()))
                .map(TopicPartition::partition)
                .distinct()
                .sorted()
                .toList();
    }

    /** What has fewer copies in sync than it should have; empty when all is well. */
    Optional<String> behind() throws InterruptedException {
        try {
            List<String> behind = partitions().entrySet().stream()
                    .filter(entry -> entry.getValue().isr().size()
                            < entry.getValue().replicas().size())
                    .map(entry -> entry.getKey().toString())
                    .sorted()
                    .toList();
            return behind.isEmpty()
                    ? Optional.empty()
                    : Optional.of(behind.size() + " partitions, " + behind.getFirst());
        } catch (IllegalStateException e) {
            return Optional.of("nobody knows: " + e.getMessage());
        }
    }

    /**
     * Waits until all copies are in sync.
     *
     * @throws IllegalStateException if they are not in time; says which
     */
    void awaitInSync(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Optional<String> behind = behind(); behind.isPresent(); behind = behind()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "after " + atMost.toSeconds() + " s copies are not in sync: " + behind.get());
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    /** Makes the next copy of each partition its leader; says how many partitions there are. */
    int moveLeaders() throws InterruptedException {
        Map<TopicPartition, Optional<NewPartitionReassignment>> orders = new HashMap<>();
        partitions().forEach((partition, info) -> {
            List<Integer> order = info.replicas().stream().map(Node::id).collect(Collectors.toList());
            Collections.rotate(order, -1);
            orders.put(partition, Optional.of(new NewPartitionReassignment(order)));
        });
        get(admin.alterPartitionReassignments(orders).all());
        get(admin.electLeaders(ElectionType.PREFERRED, orders.keySet()).partitions());
        return orders.size();
    }

    /** Deletes topics, and waits until they are gone. */
    void delete(Collection<String> names) throws InterruptedException {
        get(admin.deleteTopics(names).all());
        while (get(admin.listTopics().names()).stream().anyMatch(names::contains)) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** The names of all topics. */
    Collection<String> names() throws InterruptedException {
        return get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(2L * ANSWER_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the brokers refuse: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the brokers don't answer", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
