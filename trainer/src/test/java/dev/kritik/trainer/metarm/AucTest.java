/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

import dev.kritik.lm.train.Scored;
import dev.kritik.trainer.data.Examples.Judged;

class AucTest {

    @Test
    void isTheShareOfPairsInTheRightOrder() {
        assertThat(Auc.of(new float[] {1, 2, 3, 4}, List.of(false, false, true, true)))
                .isEqualTo(1);
        assertThat(Auc.of(new float[] {4, 3, 2, 1}, List.of(false, false, true, true)))
                .isZero();
        // right ones 2 and 5 against wrong ones 1 and 3: three of four pairs
        assertThat(Auc.of(new float[] {2, 5, 1, 3}, List.of(true, true, false, false)))
                .isEqualTo(0.75, within(1e-12));
    }

    @Test
    void aTieCountsOneHalf() {
        assertThat(Auc.of(new float[] {1, 1, 1}, List.of(true, false, false))).isEqualTo(0.5, within(1e-12));
    }

    @Test
    void oneLabelAloneHasNone() {
        assertThat(Auc.of(new float[] {1, 2}, List.of(true, true))).isNaN();
    }

    @Test
    void scoresThatAreNoNumbersHaveNone() {
        assertThat(Auc.of(new float[] {1, Float.NaN, 2}, List.of(true, false, true)))
                .isNaN();
    }

    @Test
    void critiquesOfOneQueryAreOnOneSide() {
        // Given: 300 queries with three critiques each
        List<Judged> all = LongStream.range(0, 900)
                .mapToObj(i -> new Judged(new Scored(new int[] {(int) i / 3}, i % 2), i / 3))
                .toList();

        // When
        Split split = Split.of(all, 0.2, 7);

        // Then
        assertThat(split.held().size())
                .isBetween(90, 270)
                .satisfies(size -> assertThat(size % 3).isZero());
        assertThat(split.train()).hasSize(900 - split.held().size());
        assertThat(split.train().stream().map(each -> each.tokens()[0]))
                .doesNotContainAnyElementsOf(
                        split.held().stream().map(each -> each.tokens()[0]).toList());
        assertThat(Split.of(all, 0.2, 7).held()).hasSameSizeAs(split.held());
        assertThat(Split.balance("held", split.held())).matches("held: \\d+ right, \\d+ wrong");
    }
}
