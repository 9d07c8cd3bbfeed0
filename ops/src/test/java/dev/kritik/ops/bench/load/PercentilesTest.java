/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class PercentilesTest {

    @Test
    void valuesBetweenTwoAreTakenInProportion() {
        // When
        Percentiles all = Percentiles.of(
                IntStream.rangeClosed(0, 100).mapToObj(i -> (double) (100 - i)).toList());
        Percentiles two = Percentiles.of(List.of(20.0, 10.0));

        // Then
        assertThat(List.of(all.p50(), all.p90(), all.p99(), all.max())).containsExactly(50.0, 90.0, 99.0, 100.0);
        assertThat(two.p50()).isEqualTo(15);
        assertThat(two.p99()).isCloseTo(19.9, within(1e-9));
        assertThat(Percentiles.of(List.of(7.0)).p99()).isEqualTo(7);
        assertThat(all.object()).containsEntry("count", 101).containsEntry("p99", 99.0);
    }

    @Test
    void noValuesHaveNone() {
        assertThatThrownBy(() -> Percentiles.of(List.of())).hasMessageContaining("no values");
    }
}
