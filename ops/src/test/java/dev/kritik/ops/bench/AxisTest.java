/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.Collectors;

class AxisTest {

    @ParameterizedTest
    @CsvSource({
        "0, 13.2, 8, 0 2 4 6 8 10 12 14",
        "0, 0.31, 8, 0.00 0.05 0.10 0.15 0.20 0.25 0.30 0.35",
        "29, 83, 7, 20 30 40 50 60 70 80 90",
        "30, 80, 7, 30 40 50 60 70 80",
        "50, 50, 7, 50.0 50.2"
    })
    void ticksAreRoundNumbersAroundAllValues(double least, double greatest, int most, String labels) {
        Axis axis = Axis.of(least, greatest, most, 100, 0);

        assertThat(axis.ticks().stream().map(axis::label).collect(Collectors.joining(" ")))
                .isEqualTo(labels);
        assertThat(axis.at(axis.ticks().getFirst())).isCloseTo(100, within(1e-9));
        assertThat(axis.at(axis.ticks().getLast())).isCloseTo(0, within(1e-9));
        assertThat(axis.at(greatest)).isBetween(-1e-9, 100 + 1e-9);
    }
}
