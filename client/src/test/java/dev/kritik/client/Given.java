/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Records for tests. */
final class Given {

    private Given() {}

    static Rollout rollout(GroupId id, int index, int size, String response) {
        return Rollout.newBuilder()
                .setJobId(id.jobId())
                .setGroupId(id.groupId())
                .setGroupAttempt(id.attempt())
                .setIndex(index)
                .setGroupSize(size)
                .setMessages(List.of(new Message("user", "question of " + id)))
                .setResponse(response)
                .setResponseTokenIds(List.of(1, 2, index))
                .build();
    }

    static List<Rollout> group(GroupId id, int size) {
        List<Rollout> members = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            members.add(rollout(id, index, size, "answer " + index));
        }
        return members;
    }

    /** A reward of index + 1 for everybody. */
    static GroupReward reward(GroupId id, int size) {
        return reward(id, Collections.nCopies(size, MemberStatus.SCORED), 0, false);
    }

    static GroupReward reward(GroupId id, List<MemberStatus> members, long closedMs, boolean hinted) {
        List<MemberReward> rewards = new ArrayList<>();
        for (MemberStatus status : members) {
            rewards.add(MemberReward.newBuilder()
                    .setIndex(rewards.size())
                    .setStatus(status)
                    .setReward(status == MemberStatus.SCORED ? 1.0 + rewards.size() : null)
                    .build());
        }
        boolean all = members.stream().allMatch(MemberStatus.SCORED::equals);
        return GroupReward.newBuilder()
                .setJobId(id.jobId())
                .setGroupId(id.groupId())
                .setGroupAttempt(id.attempt())
                .setGroupSize(members.size())
                .setStatus(all ? GroupStatus.OK : GroupStatus.PARTIAL)
                .setStopReason("ALL_SAMPLES")
                .setMembers(rewards)
                .setHinted(hinted)
                .setVotes(List.of())
                .setK(1)
                .setPanelSize(8)
                .setSamplesRequested(1)
                .setSamplesReceived(1)
                .setSamplesValid(1)
                .setOpenedMs(0)
                .setClosedMs(closedMs)
                .build();
    }
}
