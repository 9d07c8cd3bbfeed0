/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.kritik.monitor.lag.GroupPositions.Position;
import dev.kritik.monitor.lag.LagReport.Group;
import dev.kritik.monitor.lag.PartitionLag.Kind;

/**
 * The groups of a cluster that read some topics, whether they have members now or not. Brokers tell only of groups on which
 * this user may do DESCRIBE.
 */
final class Groups {

    /** Protocol type of consumers in a classic group; groups of others (Kafka Connect) have no offsets in topics. */
    private static final Set<String> CONSUMERS = Set.of("consumer", "");

    private final Admin admin;
    private final Answers answers;

    Groups(Admin admin, Answers answers) {
        this.admin = admin;
        this.answers = answers;
    }

    /** Those that stand somewhere in these topics, in no order. */
    List<GroupPositions> reading(Set<String> topics) {
        var listing = admin.listGroups();
        Collection<GroupListing> all = answers.required(listing.valid(), "the groups can't be listed");
        Collection<Throwable> errors = answers.required(listing.errors(), "the groups can't be listed");
        if (all.isEmpty() && !errors.isEmpty()) {
            Throwable error = errors.iterator().next();
            throw new KafkaException("the groups can't be listed: " + error.getMessage(), error);
        }
        errors.forEach(error -> answers.problem("groups of one broker can't be listed", error));
        List<GroupListing> consumers = of(all, GroupType.CLASSIC, GroupType.CONSUMER);
        List<GroupListing> streams = of(all, GroupType.STREAMS);
        List<GroupListing> share = of(all, GroupType.SHARE);

        // All is asked for before the first answer is waited for.
        List<Asked> asked = new ArrayList<>();
        asked.addAll(consumers(consumers));
        asked.addAll(streams(streams));
        asked.addAll(share(share));
        List<GroupPositions> reading = new ArrayList<>();
        for (Asked group : asked) {
            answer(group, topics).ifPresent(reading::add);
        }
        return reading;
    }

    private static List<GroupListing> of(Collection<GroupListing> all, GroupType... types) {
        return all.stream()
                .filter(group -> List.of(types).contains(group.type().orElse(GroupType.CLASSIC)))
                .filter(group -> group.type().orElse(GroupType.CLASSIC) != GroupType.CLASSIC
                        || CONSUMERS.contains(group.protocol()))
                .toList();
    }

    /** Who takes part, and in what state the group is. */
    private record Membership(GroupState state, int members, Set<TopicPartition> given) {}

    /** What was asked of one group. */
    private record Asked(
            GroupListing listing,
            Kind kind,
            KafkaFuture<Map<TopicPartition, Position>> positions,
            KafkaFuture<Membership> membership) {}

    private List<Asked> consumers(List<GroupListing> groups) {
        var offsets = admin.listConsumerGroupOffsets(every(groups, new ListConsumerGroupOffsetsSpec()));
        var descriptions = admin.describeConsumerGroups(ids(groups)).describedGroups();
        return groups.stream()
                .map(group -> new Asked(
                        group,
                        Kind.CONSUMER,
                        offsets.partitionsToOffsetAndMetadata(group.groupId())
                                .thenApply(positions -> positions(positions, Groups::committed)),
                        descriptions
                                .get(group.groupId())
                                .thenApply(found -> new Membership(
                                        found.groupState(),
                                        found.members().size(),
                                        found.members().stream()
                                                .map(MemberDescription::assignment)
                                                .flatMap(given -> given.topicPartitions().stream())
                                                .collect(Collectors.toSet())))))
                .toList();
    }

    /** Kafka Streams with a group protocol of its own (KIP-1071); its offsets are those of a consumer group. */
    private List<Asked> streams(List<GroupListing> groups) {
        var offsets = admin.listConsumerGroupOffsets(every(groups, new ListConsumerGroupOffsetsSpec()));
        var descriptions = admin.describeStreamsGroups(ids(groups)).describedGroups();
        return groups.stream()
                .map(group -> new Asked(
                        group,
                        Kind.CONSUMER,
                        offsets.partitionsToOffsetAndMetadata(group.groupId())
                                .thenApply(positions -> positions(positions, Groups::committed)),
                        descriptions
                                .get(group.groupId())
                                .thenApply(found -> new Membership(
                                        found.groupState(), found.members().size(), Set.of()))))
                .toList();
    }

    private List<Asked> share(List<GroupListing> groups) {
        var offsets = admin.listShareGroupOffsets(every(groups, new ListShareGroupOffsetsSpec()));
        var descriptions = admin.describeShareGroups(ids(groups)).describedGroups();
        return groups.stream()
                .map(group -> new Asked(
                        group,
                        Kind.SHARE,
                        offsets.partitionsToOffsetInfo(group.groupId())
                                .thenApply(positions -> positions(positions, Groups::unsettled)),
                        descriptions
                                .get(group.groupId())
                                .thenApply(found -> new Membership(
                                        found.groupState(),
                                        found.members().size(),
                                        found.members().stream()
                                                .flatMap(member -> member.assignment().topicPartitions().stream())
                                                .collect(Collectors.toSet())))))
                .toList();
    }

    private static List<String> ids(List<GroupListing> groups) {
        return groups.stream().map(GroupListing::groupId).toList();
    }

    private static <S> Map<String, S> every(List<GroupListing> groups, S asked) {
        return groups.stream().collect(Collectors.toMap(GroupListing::groupId, group -> asked));
    }

    private static <V> Map<TopicPartition, Position> positions(
            Map<TopicPartition, V> found, Function<V, Position> position) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        // A partition without an offset is answered with null.
        found.forEach(
                (partition, value) -> positions.put(partition, value == null ? Position.NONE : position.apply(value)));
        return positions;
    }

    private static Position committed(OffsetAndMetadata offset) {
        return new Position(OptionalLong.of(offset.offset()), OptionalLong.empty());
    }

    private static Position unsettled(SharePartitionOffsetInfo info) {
        return new Position(
                info.startOffset() < 0 ? OptionalLong.empty() : OptionalLong.of(info.startOffset()),
                info.lag().map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private Optional<GroupPositions> answer(Asked asked, Set<String> topics) {
        String id = asked.listing().groupId();
        Optional<Map<TopicPartition, Position>> positions =
                answers.of(asked.positions(), "group '" + id + "': its offsets can't be read");
        Optional<Membership> membership =
                answers.of(asked.membership(), "group '" + id + "': its members can't be read");
        if (positions.isEmpty()) {
            return Optional.empty();
        }
        Map<TopicPartition, Position> ours = new HashMap<>();
        membership.ifPresent(found -> found.given().forEach(partition -> ours.put(partition, Position.NONE)));
        ours.putAll(positions.get());
        ours.keySet().removeIf(partition -> !topics.contains(partition.topic()));
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        String state = membership
                .map(Membership::state)
                .or(asked.listing()::groupState)
                .orElse(GroupState.UNKNOWN)
                .toString();
        OptionalInt members =
                membership.map(found -> OptionalInt.of(found.members())).orElse(OptionalInt.empty());
        return Optional.of(new GroupPositions(new Group(id, asked.kind(), state, members), ours));
    }
}
