/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

import dev.kritik.client.GroupId;
import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupSource;
import dev.kritik.client.RewardedGroup;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Rollout;

/**
 * No judge and no Kafka: a response that is right by the known answers gets the highest reward, any other the lowest. What a
 * judge's rewards are held against. Nothing outlives the process: groups under way are lost with it.
 */
final class GoldExchange implements Exchange, GroupSource {

    private static final double RIGHT = 10;
    private static final double WRONG = 1;

    private final BiPredicate<String, String> right;
    private final BlockingQueue<RewardedGroup> ended = new LinkedBlockingQueue<>();

    /**
     * An exchange.
     *
     * @param right whether the query of an id is answered rightly by a text
     */
    GoldExchange(BiPredicate<String, String> right) {
        this.right = right;
    }

    @Override
    public String rewards() {
        return "gold";
    }

    @Override
    public GroupPosition end() {
        return new GroupPosition(Map.of(), Map.of(), Map.of(), Set.of());
    }

    @Override
    public GroupSource read(GroupPosition from) {
        return this;
    }

    @Override
    public void publish(List<List<Rollout>> groups) {
        groups.forEach(group -> ended.add(rewarded(group)));
    }

    private RewardedGroup rewarded(List<Rollout> members) {
        Rollout first = members.getFirst();
        Map<Integer, Rollout> rollouts = new LinkedHashMap<>();
        members.forEach(member -> rollouts.put(member.getIndex(), member));
        long now = System.currentTimeMillis();
        return new RewardedGroup(
                GroupReward.newBuilder()
                        .setJobId(first.getJobId())
                        .setGroupId(first.getGroupId())
                        .setGroupAttempt(first.getGroupAttempt())
                        .setGroupSize(first.getGroupSize())
                        .setPolicyVersion(first.getPolicyVersion())
                        .setStatus(GroupStatus.OK)
                        .setStopReason("RULED")
                        .setMembers(members.stream().map(this::rewarded).toList())
                        .setVotes(List.of())
                        .setJury(List.of())
                        .setK(0)
                        .setPanelSize(first.getGroupSize())
                        .setSamplesRequested(0)
                        .setSamplesReceived(0)
                        .setSamplesValid(0)
                        .setOpenedMs(now)
                        .setClosedMs(now)
                        .build(),
                rollouts);
    }

    private MemberReward rewarded(Rollout member) {
        boolean isRight = right.test(member.getMetadata().get(Rollouts.QUERY_ID), member.getResponse());
        return MemberReward.newBuilder()
                .setIndex(member.getIndex())
                .setStatus(MemberStatus.SCORED)
                .setReward(isRight ? RIGHT : WRONG)
                .setMarks(List.of())
                .build();
    }

    @Override
    public Optional<RewardedGroup> next(Duration atMost) {
        try {
            return Optional.ofNullable(ended.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public GroupPosition position() {
        return end();
    }

    @Override
    public Set<GroupId> waiting() {
        return Set.of();
    }

    @Override
    public void close() {}
}
