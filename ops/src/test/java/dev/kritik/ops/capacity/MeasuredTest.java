/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.serde.ContractModel;

class MeasuredTest {

    static {
        var unused = ContractModel.of(GroupReward.class);
        var unusedToo = ContractModel.of(Critique.class);
    }

    private static Critique critique(int attempt, Long promptTokens, Long writtenTokens) {
        return Critique.newBuilder()
                .setJobId("job")
                .setGroupId("g")
                .setGroupAttempt(0)
                .setPanel(0)
                .setSample(0)
                .setRequestId("r")
                .setStatus(CritiqueStatus.OK)
                .setOrder(List.of(0))
                .setJudge("openai")
                .setModel("m")
                .setPromptVersion("v")
                .setSeed(1)
                .setAttempt(attempt)
                .setPromptTokens(promptTokens)
                .setCompletionTokens(writtenTokens)
                .setStartedMs(0)
                .setJudgeMs(3_000)
                .setFinishedMs(1)
                .setWorker("w")
                .setDelivery(1)
                .build();
    }

    private static GroupReward reward(int spent, long openedMs, long closedMs) {
        return GroupReward.newBuilder()
                .setJobId("job")
                .setGroupId("g")
                .setGroupAttempt(0)
                .setGroupSize(4)
                .setStatus(GroupStatus.OK)
                .setStopReason("DECIDED")
                .setMembers(List.of())
                .setVotes(List.of())
                .setK(8)
                .setSamplesSpent(spent)
                .setPanelSize(8)
                .setSamplesRequested(4)
                .setSamplesReceived(4)
                .setSamplesValid(4)
                .setOpenedMs(openedMs)
                .setJudgingMs(openedMs + 500)
                .setClosedMs(closedMs)
                .build();
    }

    @Test
    void meansOfWhatWasSeenBecomeQuantities() {
        // Given
        Measured measured = new Measured();
        measured.critique(critique(1, 1_000L, 100L), 400);
        measured.critique(critique(2, 2_000L, 300L), 600); // tokens and time of two tries
        measured.critique(critique(1, null, null), 500); // a server that does not count
        measured.reward(reward(2, 0, 5_000), 900);
        measured.reward(reward(4, 1_000, 10_000), 1_100);
        measured.rollout(5_000);

        // Then
        assertThat(measured.values())
                .containsEntry("prompt_tokens", "1000.00")
                .containsEntry("critique_tokens", "133.333")
                .containsEntry("judge_latency_s", "2.25000")
                .containsEntry("retries_share", "0.333333")
                .containsEntry("k_share", "0.375000")
                .containsEntry("collect_s", "0.500000")
                .containsEntry("groups_per_s", "0.200000")
                .containsEntry("rollout_bytes", "5000.00")
                .containsEntry("reward_bytes", "1000.00")
                .doesNotContainKey("request_bytes");
        assertThat(measured.writtenTokensPerS()).isEqualTo(40);
        assertThat(Inputs.presets().with(measured.values()).get(Quantity.GROUP_SIZE))
                .isEqualTo(4);
    }
}
