/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.ops.bench.load.GroupTimes;
import dev.kritik.ops.bench.load.JudgeTime;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;

class AddedTest {

    private static GroupTimes group(int number, double latencyMs, GroupStatus status) {
        GroupReward reward = GroupReward.newBuilder()
                .setJobId("job")
                .setGroupId("g" + number)
                .setGroupAttempt(0)
                .setGroupSize(1)
                .setStatus(status)
                .setStopReason("ALL_SAMPLES")
                .setMembers(List.of())
                .setVotes(List.of())
                .setJury(List.of())
                .setK(1)
                .setPanelSize(1)
                .setSamplesRequested(1)
                .setSamplesReceived(1)
                .setSamplesValid(1)
                .setOpenedMs(1_010)
                .setJudgingMs(1_012L)
                .setClosedMs(1_180)
                .build();
        return new GroupTimes(
                number,
                "job",
                "g" + number,
                0,
                1_000,
                (long) (latencyMs * 1e6),
                1_000 + (long) latencyMs,
                Optional.of(reward),
                Optional.of(new JudgeTime(1, 1_050, 1_170, 120)));
    }

    @Test
    void whatIsAddedIsTheDifferenceGroupByGroup() {
        // Given: two that ended well, one that did not, one that the judge never saw
        List<GroupTimes> groups = List.of(
                group(0, 200, GroupStatus.OK),
                group(1, 300, GroupStatus.OK),
                group(2, 900, GroupStatus.TIMEOUT),
                group(3, 900, GroupStatus.OK));

        // When
        Added added = Added.of(1, 0.5, 2, groups, Map.of("job/g0", 120.0, "job/g1", 260.0, "job/g2", 1.0))
                .orElseThrow();

        // Then
        assertThat(added.notOk()).isEqualTo(2);
        assertThat(added.latency().p50()).isEqualTo(250);
        assertThat(added.judge().p50()).isEqualTo(190);
        assertThat(added.added().p50()).isEqualTo(60);
        assertThat(added.added().max()).isEqualTo(80);
        assertThat(Added.of(1, 0.5, 2, groups, Map.of())).isEmpty();
    }

    @Test
    void theStagesAddUpToTheLatency() {
        // When
        Map<String, Double> stages = Added.stages(group(0, 200, GroupStatus.OK));

        // Then
        assertThat(stages.values()).containsExactly(10.0, 2.0, 38.0, 120.0, 10.0, 20.0);
        assertThat(stages.keySet()).first().isEqualTo("sent to taken in");
        assertThat(stages.values().stream().mapToDouble(Double::doubleValue).sum())
                .isEqualTo(200);
    }
}
