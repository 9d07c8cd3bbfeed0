/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.ContractModel;

class OldGroupsTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void classesOfContractsAreLoaded() {
        var unused = ContractModel.of(GroupReward.class);
        var unusedToo = ContractModel.of(Rollout.class);
    }

    @Test
    void aGroupGoesAgainWithTheMembersThatItHadAndNoOthers() throws IOException {
        try (OldGroups groups = groups()) {
            // Given
            groups.reward(reward("g", MemberStatus.SCORED, MemberStatus.REJECTED, MemberStatus.MISSING));

            // When
            take(groups, "g", 0);
            take(groups, "g", 1);
            take(groups, "g", 2); // came too late
            take(groups, "g", 7); // a dead letter: index out of range
            take(groups, "other", 0);
            groups.settle();

            // Then
            assertThat(groups.iterator().next()).extracting(Rollout::getIndex).containsExactly(0, 1);
            assertThat(groups.left()).isEqualTo(Map.of("ROLLOUTS_NOT_OF_THE_GROUP", 2, "ROLLOUTS_WITHOUT_REWARD", 1));
        }
    }

    @Test
    void aGroupWhoseMembersAreGoneIsLeftOut() throws IOException {
        try (OldGroups groups = groups()) {
            // Given
            groups.reward(reward("some", MemberStatus.SCORED, MemberStatus.SCORED));
            groups.reward(reward("all", MemberStatus.SCORED));

            // When
            take(groups, "some", 1);
            groups.settle();

            // Then
            assertThat(groups.size()).isZero();
            assertThat(groups.left()).isEqualTo(Map.of("MEMBERS_GONE", 1, "NO_ROLLOUTS", 1));
        }
    }

    private OldGroups groups() throws IOException {
        return new OldGroups(
                folder,
                job -> true,
                bytes -> rollout("g", ByteBuffer.wrap(bytes).getInt()));
    }

    private static void take(OldGroups groups, String group, int index) throws IOException {
        groups.rollout(
                rollout(group, index),
                ByteBuffer.allocate(Integer.BYTES).putInt(index).array());
    }

    private static Rollout rollout(String group, int index) {
        return Rollout.newBuilder()
                .setJobId("job")
                .setGroupId(group)
                .setIndex(index)
                .setGroupSize(3)
                .setMessages(List.of(new Message("user", "q")))
                .setResponse("r" + index)
                .build();
    }

    private static GroupReward reward(String group, MemberStatus... members) {
        List<MemberReward> all = new ArrayList<>();
        for (MemberStatus status : members) {
            all.add(MemberReward.newBuilder()
                    .setIndex(all.size())
                    .setStatus(status)
                    .build());
        }
        return GroupReward.newBuilder()
                .setJobId("job")
                .setGroupId(group)
                .setGroupAttempt(0)
                .setGroupSize(members.length)
                .setStatus(GroupStatus.PARTIAL)
                .setStopReason("ALL_SAMPLES")
                .setMembers(all)
                .setJury(List.of())
                .setVotes(List.of())
                .setK(1)
                .setPanelSize(8)
                .setSamplesRequested(1)
                .setSamplesReceived(1)
                .setSamplesValid(1)
                .setOpenedMs(1)
                .setClosedMs(2)
                .build();
    }
}
