/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

/** Against numbers of scipy 1.x: kendalltau, and pearsonr over the deviations of all groups one after another. */
class MeasuresTest {

    private static final double[][] THEN = {{3.5, 3.5, 7, 2, 9.25}, {6.125, 7.5, 2.25, 7.5}, {4, 4, 4}};
    private static final double[][] NOW = {{4, 6, 6, 1, 8}, {8, 5.5, 5.5, 3}, {1, 2, 3}};

    private static double[] values(String text) {
        return Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 3 4 5, 1 2 3 4 5, 1, 1",
        "1 2 3 4 5, 5 4 3 2 1, -1, -1",
        "3.5 3.5 7 2 9.25, 4 6 6 1 8, 0.8888888888888888, 0.847861603549991",
        "1 1 2 2 3 3, 1 2 2 3 3 1, 0.25, 0.25",
        "6.125 7.5 2.25 7.5, 8 5.5 5.5 3, -0.4, -0.22616802675523803",
    })
    void tauAndCorrelationOfOneGroup(String then, String now, double tau, double pearson) {
        assertThat(Pairs.of(values(then), values(now)).tauB()).isCloseTo(tau, within(1e-12));
        assertThat(Moments.of(values(then), values(now)).correlation()).isCloseTo(pearson, within(1e-12));
        assertThat(Moments.normalised(values(then), values(now)).correlation()).isCloseTo(pearson, within(1e-12));
    }

    @Test
    void correlationOverGroupsIsThatOfDeviationsWithinThem() {
        // When
        Moments rewards = Moments.NONE;
        Moments advantages = Moments.NONE;
        for (int i = 0; i < THEN.length; i++) {
            rewards = rewards.plus(Moments.of(THEN[i], NOW[i]));
            advantages = advantages.plus(Moments.normalised(THEN[i], NOW[i]));
        }

        // Then
        assertThat(rewards.correlation()).isCloseTo(0.48649123092524194, within(1e-12));
        assertThat(advantages.correlation()).isCloseTo(0.3208754901181306, within(1e-12));
    }

    @Test
    void nothingIsSaidOfRankingsThatTieEverything() {
        assertThat(Pairs.of(THEN[2], NOW[2]).tauB()).isNull();
        assertThat(Moments.of(THEN[2], NOW[2]).correlation()).isNull();
        assertThat(Moments.of(new double[] {0.1, 0.1, 0.1}, NOW[2]).correlation())
                .isNull();
        assertThat(Pairs.NONE.agreement()).isNull();
    }

    @Test
    void pairsAreCountedByWhatBecameOfThem() {
        // 3.5 3.5 7 2 9.25 -> 4 6 6 1 8: the first two were tied, the second and third are now
        assertThat(Pairs.of(THEN[0], NOW[0])).isEqualTo(new Pairs(8, 0, 1, 1, 0));
        assertThat(Pairs.of(THEN[0], NOW[0]).agreement()).isEqualTo(0.8);
        assertThat(Pairs.of(new double[] {1, 1, 2}, new double[] {5, 5, 3})).isEqualTo(new Pairs(0, 2, 0, 0, 1));
    }
}
