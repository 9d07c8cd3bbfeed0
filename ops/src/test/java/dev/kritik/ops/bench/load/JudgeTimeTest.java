/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class JudgeTimeTest {

    @Test
    void thePathGoesFromTheFirstBeginningToTheLastEnd() {
        // When: the second began first, the first ended last
        JudgeTime time = new JudgeTime(1, 1_000, 1_900, 850)
                .and(new JudgeTime(1, 950, 1_200, 240))
                .and(new JudgeTime(1, 1_100, 1_500, 400));

        // Then
        assertThat(time.critiques()).isEqualTo(3);
        assertThat(time.pathMs()).isEqualTo(950);
        assertThat(time.longestMs()).isEqualTo(850);
    }

    @Test
    void aGroupWithoutARewardIsLostAndHasNoLatency() {
        GroupTimes lost = new GroupTimes(0, "job", "g0", 5, 5, 0, 0, Optional.empty(), Optional.empty());

        assertThat(lost.status()).isEqualTo("LOST");
        assertThat(lost.rewards()).isEmpty();
        assertThatThrownBy(lost::latencyMs).hasMessageContaining("group g0 has no reward");
    }
}
