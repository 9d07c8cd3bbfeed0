/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class MixtureTest {

    @Test
    void anEpochHasAllOfTheDataOnceAndTheShareOfGeneralData() {
        // Given
        Mixture mixture = new Mixture(30, 7, 0.25, 5);

        // Then
        assertThat(mixture.generalPerEpoch()).isEqualTo(10);
        List<Integer> epoch = mixture.epoch(1);
        assertThat(epoch).hasSize(40).containsAll(IntStream.range(0, 37).boxed().toList());
        assertThat(epoch.stream().filter(i -> i < 30)).hasSize(30).doesNotHaveDuplicates();
        assertThat(mixture.epoch(1)).isEqualTo(epoch).isNotEqualTo(mixture.epoch(2));
    }

    @Test
    void largeGeneralDataGoesOnWhereTheLastEpochEnded() {
        // Given: 4 a epoch of 12
        Mixture mixture = new Mixture(4, 12, 0.5, 5);

        // When
        List<Integer> general = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            mixture.epoch(epoch).stream().filter(i -> i >= 4).forEach(general::add);
        }

        // Then
        assertThat(general).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void withoutGeneralDataThereIsOnlyTheData() {
        assertThat(new Mixture(3, 0, 0.5, 1).epoch(1)).containsExactlyInAnyOrder(0, 1, 2);
    }
}
