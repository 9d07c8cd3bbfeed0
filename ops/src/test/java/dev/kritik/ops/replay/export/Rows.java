/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.CountedScore;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleVote;
import dev.kritik.schema.serde.ContractModel;

/** Records with something in each kind of field, and with as little as may be. */
final class Rows {

    static {
        // Or no builder of a record with records in it works (the class says why).
        var unused = ContractModel.of(GroupReward.class);
    }

    private Rows() {}

    static Row rollout(int partition, long offset) {
        boolean full = offset % 2 == 0;
        Map<String, String> metadata = new HashMap<>();
        if (full) {
            for (String key : List.of("z", "a", "m", "finish_reason")) {
                metadata.put(key, key + "\u2028" + offset);
            }
        }
        Rollout rollout = Rollout.newBuilder()
                .setJobId(full ? "job" : "other")
                .setGroupId("g" + offset)
                .setIndex(0)
                .setGroupSize(1)
                .setMessages(List.of(new Message("system", "s"), new Message("user", "q \"é\n")))
                .setResponse("r".repeat((int) offset % 7))
                .setPolicyVersion(full ? Long.valueOf(1L << 40) : null)
                .setResponseTokenIds(full ? List.of(1, 2, 3) : null)
                .setPromptTokenIds(full ? List.of() : null)
                .setResponseLogprobs(full ? List.of(-0.1f, -1e-9f, -123456.79f) : null)
                .setMetadata(metadata)
                .build();
        return new Row("t.rollouts", partition, offset, 1_000 + offset, 100, rollout);
    }

    static Row reward() {
        MemberReward scored = MemberReward.newBuilder()
                .setIndex(0)
                .setStatus(MemberStatus.SCORED)
                .setReward(0.1 + 0.2)
                .setMarks(List.of("injection"))
                .build();
        MemberReward missing = MemberReward.newBuilder()
                .setIndex(1)
                .setStatus(MemberStatus.MISSING)
                .build();
        GroupReward reward = GroupReward.newBuilder()
                .setJobId("job")
                .setGroupId("g")
                .setGroupAttempt(0)
                .setGroupSize(2)
                .setStatus(GroupStatus.PARTIAL)
                .setStopReason("ALL_SAMPLES")
                .setMembers(List.of(scored, missing))
                .setVotes(new ArrayList<>(List.of(SampleVote.newBuilder()
                        .setPanel(0)
                        .setSample(0)
                        .setStatus("OK")
                        .setScores(List.of(new CountedScore(0, 7, true, null)))
                        .build())))
                .setK(1)
                .setPanelSize(8)
                .setSamplesRequested(1)
                .setSamplesReceived(1)
                .setSamplesValid(1)
                .setOpenedMs(1)
                .setClosedMs(2)
                .build();
        return new Row("t.rewards", 0, 5, 7, 60, reward);
    }
}
