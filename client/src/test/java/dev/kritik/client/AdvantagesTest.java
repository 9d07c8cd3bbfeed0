/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import dev.kritik.client.Advantages.Baseline;

class AdvantagesTest {

    private static final double NONE = Double.NaN;

    @Test
    void differenceFromTheMeanOverTheDeviationOfASample() {
        double[] advantages = Advantages.GRPO.of(new double[] {1, 2, 3});

        assertThat(advantages).containsExactly(-1, 0, 1);
    }

    @Test
    void withoutDeviationTheDifferenceAlone() {
        double[] advantages = new Advantages(Baseline.MEAN, false).of(new double[] {1, 2, 6});

        assertThat(advantages).containsExactly(-2, -1, 3);
    }

    @Test
    void leaveOneOutHoldsEachAgainstTheMeanOfTheOthers() {
        double[] advantages = new Advantages(Baseline.LEAVE_ONE_OUT, false).of(new double[] {1, 2, 6});

        assertThat(advantages).containsExactly(new double[] {1 - 4, 2 - 3.5, 6 - 1.5}, within(1e-12));
    }

    @Test
    void memberWithoutARewardHasNoAdvantageAndCountsForNothing() {
        double[] advantages = Advantages.GRPO.of(new double[] {1, NONE, 2, 3});

        assertThat(advantages).containsExactly(-1, NONE, 0, 1);
    }

    @Test
    void equalRewardsGiveNoAdvantageWhateverTheBaseline() {
        for (Baseline baseline : Baseline.values()) {
            assertThat(new Advantages(baseline, true).of(new double[] {4.1, 4.1, NONE}))
                    .containsExactly(0, 0, NONE);
            assertThat(new Advantages(baseline, false).of(new double[] {4.1})).containsExactly(0);
        }
        assertThat(Advantages.flat(new double[] {4.1, NONE})).isTrue();
        assertThat(Advantages.flat(new double[] {NONE, NONE})).isTrue();
        assertThat(Advantages.flat(new double[] {4.1, 4.2})).isFalse();
    }
}
