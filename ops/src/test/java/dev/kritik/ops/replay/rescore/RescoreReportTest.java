/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.replay.rescore.Outcome.Standing;
import dev.kritik.schema.GroupStatus;
import dev.kritik.trainer.replay.GroupKey;

/** Numbers computed by hand. */
class RescoreReportTest {

    private static Outcome outcome(GroupStatus status, Double... rewards) {
        List<Standing> standings = new ArrayList<>();
        for (int i = 0; i < rewards.length; i++) {
            standings.add(new Standing(i, rewards[i], i));
        }
        return new Outcome(status, null, standings, 4, 8, 7, 100, 10, 2_000, List.of("m"));
    }

    private static GroupComparison group(String id, Integer label, Outcome then, Outcome now) {
        return GroupComparison.of(new GroupKey("job", id, 0), label, then, now);
    }

    private static Outcome ok(Double... rewards) {
        return outcome(GroupStatus.OK, rewards);
    }

    @Test
    void saysHowTheRewardsOfThenAndNowCompare() {
        // Given: the same best; a tie at the top now; another best; one that failed
        List<GroupComparison> groups = List.of(
                group("a", 1, ok(3.0, 8.0), ok(4.0, 9.0)),
                group("b", 0, ok(7.0, 2.0, 5.0), ok(6.0, 1.0, 6.0)),
                group("c", 1, ok(2.0, 4.0), ok(4.0, 2.0)),
                group("d", 0, ok(6.0, 2.0), outcome(GroupStatus.FAILED, null, null)));

        // When
        JsonNode report = RescoreReport.of(groups);

        // Then
        assertThat(report.get("groups").asInt()).isEqualTo(4);
        assertThat(report.at("/best/groups").asInt()).isEqualTo(3);
        assertThat(report.at("/best/same").asInt()).isEqualTo(1);
        assertThat(report.at("/best/tied_now").asInt()).isEqualTo(1);
        assertThat(report.at("/best/agreement").asDouble()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(report.at("/best/agreement_by_lot").asDouble()).isEqualTo(0.5);
        // a: alike; b: two alike, one tied now; c: reversed
        assertThat(report.at("/order/agreement").asDouble()).isEqualTo(0.6);
        assertThat(report.at("/order/reversed").asInt()).isEqualTo(1);
        assertThat(report.at("/rewards/responses").asInt()).isEqualTo(7);
        // 1+1, 1+1+1, 2+2
        assertThat(report.at("/rewards/mean_abs_change").asDouble()).isEqualTo(9.0 / 7);
        assertThat(report.at("/rewards/mean_change").asDouble()).isEqualTo(1.0 / 7);
        assertThat(report.at("/label/then/accuracy").asDouble()).isEqualTo(1.0);
        assertThat(report.at("/label/now/counted").asInt()).isEqualTo(3);
        assertThat(report.at("/label/now/correct").asInt())
                .as("a tie at the top is wrong")
                .isEqualTo(1);
        assertThat(report.at("/statuses/OK->FAILED").asInt()).isEqualTo(1);
        assertThat(report.at("/then/completion_tokens").asInt()).isEqualTo(40);
        assertThat(report.at("/changed_most/0/group").asText()).isEqualTo("job/c/0");
        assertThat(RescoreText.of(report).getFirst()).startsWith("best response: the same in 1 of 3 groups (33.3 %;");
    }

    @Test
    void equalResponsesCountAsOne() {
        // Given: the third response is equal to the second
        Outcome then = new Outcome(
                GroupStatus.OK,
                null,
                List.of(new Standing(0, 3.0, 0), new Standing(1, 8.0, 1), new Standing(2, 8.0, 1)),
                4,
                4,
                4,
                0,
                0,
                0,
                List.of());

        // When
        GroupComparison same = group("e", 2, then, then);

        // Then
        assertThat(same.indices()).containsExactly(0, 1);
        assertThat(same.sameBest()).isTrue();
        assertThat(then.pointsAt(2)).isTrue();
        assertThat(then.pointsAt(0)).isFalse();
    }

    @Test
    void nothingToCompareIsNoNumber() {
        JsonNode report =
                RescoreReport.of(List.of(group("f", null, ok(5.0), outcome(GroupStatus.FAILED, (Double) null))));

        assertThat(report.at("/best/agreement").isNull()).isTrue();
        assertThat(report.at("/rewards/mean_abs_change").isNull()).isTrue();
        assertThat(report.at("/label/then/accuracy").isNull()).isTrue();
        assertThat(RescoreText.of(report)).isNotEmpty();
    }
}
