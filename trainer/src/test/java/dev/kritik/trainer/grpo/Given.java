/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.kritik.client.GroupId;
import dev.kritik.client.RewardedGroup;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Groups for tests. */
final class Given {

    static final Numbering NUMBERING = new Numbering("job", "0a1b2c3d");

    private Given() {}

    /** Responses of so many tokens, each token one less likely than the one before. */
    static List<Rollout> rollouts(long number, Long version, int... lengths) {
        GroupId id = NUMBERING.group(number);
        List<Rollout> members = new ArrayList<>();
        for (int index = 0; index < lengths.length; index++) {
            members.add(Rollout.newBuilder()
                    .setJobId(id.jobId())
                    .setGroupId(id.groupId())
                    .setGroupAttempt(id.attempt())
                    .setIndex(index)
                    .setGroupSize(lengths.length)
                    .setMessages(List.of(new Message("user", "query " + number)))
                    .setResponse("response " + index)
                    .setPolicyVersion(version)
                    .setPromptTokenIds(List.of(7, 8))
                    .setResponseTokenIds(
                            IntStream.range(0, lengths[index]).boxed().toList())
                    .setResponseLogprobs(IntStream.range(0, lengths[index])
                            .mapToObj(i -> -i - 0.5f)
                            .toList())
                    .setMetadata(Map.of("finish_reason", "stop"))
                    .build());
        }
        return members;
    }

    /** A group that ended with these rewards; not a number (NaN): none. */
    static RewardedGroup rewarded(List<Rollout> members, double... rewards) {
        Rollout first = members.getFirst();
        List<MemberReward> each = new ArrayList<>();
        for (int index = 0; index < rewards.length; index++) {
            boolean scored = !Double.isNaN(rewards[index]);
            each.add(MemberReward.newBuilder()
                    .setIndex(index)
                    .setStatus(scored ? MemberStatus.SCORED : MemberStatus.UNSCORED)
                    .setReward(scored ? rewards[index] : null)
                    .build());
        }
        boolean all = each.stream().allMatch(one -> one.getReward() != null);
        boolean none = each.stream().allMatch(one -> one.getReward() == null);
        GroupReward reward = GroupReward.newBuilder()
                .setJobId(first.getJobId())
                .setGroupId(first.getGroupId())
                .setGroupAttempt(first.getGroupAttempt())
                .setGroupSize(first.getGroupSize())
                .setPolicyVersion(first.getPolicyVersion())
                .setStatus(all ? GroupStatus.OK : none ? GroupStatus.FAILED : GroupStatus.PARTIAL)
                .setStopReason("ALL_SAMPLES")
                .setMembers(each)
                .setVotes(List.of())
                .setJury(List.of())
                .setK(1)
                .setPanelSize(8)
                .setSamplesRequested(1)
                .setSamplesReceived(1)
                .setSamplesValid(1)
                .setOpenedMs(0)
                .setClosedMs(1)
                .build();
        Map<Integer, Rollout> rollouts = new HashMap<>();
        members.forEach(member -> rollouts.put(member.getIndex(), member));
        return new RewardedGroup(reward, rollouts);
    }

    /** A group of responses of three tokens each. */
    static RewardedGroup group(long number, Long version, double... rewards) {
        int[] lengths = Collections.nCopies(rewards.length, 3).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return rewarded(rollouts(number, version, lengths), rewards);
    }

    /** The group with another rollout at an index. */
    static RewardedGroup with(RewardedGroup group, int index, UnaryOperator<Rollout.Builder> change) {
        Map<Integer, Rollout> rollouts = new HashMap<>(group.rollouts());
        rollouts.computeIfPresent(index, (at, rollout) -> with(rollout, change));
        return new RewardedGroup(group.reward(), rollouts);
    }

    /** The rollout, changed. Avro's own copies only trust classes that somebody has named. */
    static Rollout with(Rollout rollout, UnaryOperator<Rollout.Builder> change) {
        return change.apply(Rollout.newBuilder()
                        .setJobId(rollout.getJobId())
                        .setGroupId(rollout.getGroupId())
                        .setGroupAttempt(rollout.getGroupAttempt())
                        .setIndex(rollout.getIndex())
                        .setGroupSize(rollout.getGroupSize())
                        .setMessages(rollout.getMessages())
                        .setResponse(rollout.getResponse())
                        .setPolicyVersion(rollout.getPolicyVersion())
                        .setPromptTokenIds(rollout.getPromptTokenIds())
                        .setResponseTokenIds(rollout.getResponseTokenIds())
                        .setResponseLogprobs(rollout.getResponseLogprobs())
                        .setMetadata(rollout.getMetadata()))
                .build();
    }

    /** The group whose response at an index was cut off. */
    static RewardedGroup cutOff(RewardedGroup group, int index) {
        return with(group, index, rollout -> rollout.setMetadata(Map.of("finish_reason", "length")));
    }

    /** The group settled by a policy of the same version. */
    static Settled settled(RewardedGroup group) {
        return Settled.of(group, group.reward().getPolicyVersion(), 1, false);
    }
}
