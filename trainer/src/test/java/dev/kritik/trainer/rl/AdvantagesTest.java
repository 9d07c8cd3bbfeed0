/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdvantagesTest {

    @Test
    void rewardsAreHeldAgainstTheirGroupInUnitsOfTheSampleDeviation() {
        double[] advantages = Advantages.of(new double[] {1, 1, 1, -1});

        assertThat(advantages).containsExactly(new double[] {0.5, 0.5, 0.5, -1.5}, within(1e-12));
    }

    @Test
    void alikeRewardsHaveNoAdvantage() {
        assertThat(Advantages.of(new double[] {-1, -1, -1, -1})).containsOnly(0);
        assertThat(Advantages.flat(new double[] {1, 1})).isTrue();
        assertThat(Advantages.flat(new double[] {1, -1})).isFalse();
    }
}
