/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.kritik.schema.Topics;

/**
 * Where a reader begins, held against what the topics hold.
 *
 * @param position names all partitions
 * @param rewardsFrom for each partition of the topic of rewards an offset somewhat before the position, to learn which groups
 *     were over there
 */
record Beginning(GroupPosition position, Map<Integer, Long> rewardsFrom) {

    /** Records of rewards that are read again on each partition. Without them a stray rollout would look like a new group. */
    private static final long LOOK_BACK = 500;

    /** Assigns all partitions of both topics to a consumer, and finds its place in them. */
    static Beginning of(
            Consumer<?, ?> consumer, Topics topics, Optional<GroupPosition> from, GroupReader.Start otherwise) {
        List<TopicPartition> rewards = partitions(consumer, topics.rewards());
        List<TopicPartition> rollouts = partitions(consumer, topics.rollouts());
        List<TopicPartition> all = new ArrayList<>(rewards);
        all.addAll(rollouts);
        // Before their ends are asked for: the client notes those of its own partitions, and warns of others.
        consumer.assign(all);
        // Rewards first: whatever ends after them is handed out.
        Map<Integer, Long> rewardEnds = byNumber(consumer.endOffsets(rewards));
        Map<Integer, Long> rolloutEnds = byNumber(consumer.endOffsets(rollouts));
        Map<Integer, Long> rewardBegins = byNumber(consumer.beginningOffsets(rewards));
        Map<Integer, Long> rolloutBegins = byNumber(consumer.beginningOffsets(rollouts));
        GroupPosition position;
        if (from.isPresent()) {
            GroupPosition given = from.get();
            requireThere(topics.rewards(), given.rewards(), rewardBegins, rewardEnds);
            requireThere(topics.rollouts(), given.rollouts(), rolloutBegins, rolloutEnds);
            requireThere(topics.rollouts(), given.rolloutsRead(), rolloutBegins, rolloutEnds);
            // A partition that the position does not name is newer than the position.
            position = new GroupPosition(
                    over(rewardBegins, given.rewards()),
                    over(rolloutBegins, given.rollouts()),
                    over(rolloutBegins, given.rolloutsRead()),
                    given.waiting());
        } else {
            boolean now = otherwise == GroupReader.Start.NOW;
            Map<Integer, Long> first = now ? rolloutEnds : rolloutBegins;
            position = new GroupPosition(now ? rewardEnds : rewardBegins, first, first, Set.of());
        }
        Map<Integer, Long> rewardsFrom = new HashMap<>();
        position.rewards()
                .forEach((partition, offset) ->
                        rewardsFrom.put(partition, Math.max(rewardBegins.get(partition), offset - LOOK_BACK)));
        rewardsFrom.forEach(
                (partition, offset) -> consumer.seek(new TopicPartition(topics.rewards(), partition), offset));
        position.rollouts()
                .forEach(
                        (partition, offset) -> consumer.seek(new TopicPartition(topics.rollouts(), partition), offset));
        return new Beginning(position, rewardsFrom);
    }

    /** All partitions of a topic; none if it is not there. */
    static List<TopicPartition> find(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        return found == null
                ? List.of()
                : found.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = find(consumer, topic);
        if (partitions.isEmpty()) {
            throw Failures.noTopic(topic);
        }
        return partitions;
    }

    private static void requireThere(
            String topic, Map<Integer, Long> wanted, Map<Integer, Long> begins, Map<Integer, Long> ends) {
        wanted.forEach((partition, offset) -> {
            if (!begins.containsKey(partition)) {
                throw new ClientException("the stored position names partition " + partition + " of topic '" + topic
                        + "', which has " + begins.size()
                        + ": is it of another installation, or was the topic made anew? Begin without that position");
            }
            if (offset < begins.get(partition)) {
                throw Failures.gone(topic, partition, offset, begins.get(partition) + " on");
            }
            if (offset > ends.get(partition)) {
                throw new ClientException("the stored position is after offset " + offset + " of partition " + partition
                        + " of topic '" + topic + "', which ends at " + ends.get(partition)
                        + ": is it of another installation, or was the topic made anew? Begin without that position");
            }
        });
    }

    private static Map<Integer, Long> over(Map<Integer, Long> begins, Map<Integer, Long> given) {
        Map<Integer, Long> merged = new HashMap<>(begins);
        merged.putAll(given);
        return merged;
    }

    private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
        Map<Integer, Long> byNumber = new HashMap<>();
        offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
        return byNumber;
    }
}
