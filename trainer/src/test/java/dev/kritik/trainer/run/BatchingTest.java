/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.trainer.data.Mixture;

class BatchingTest {

    @Test
    void itemsOfLikeLengthAreComputedTogetherWithinTheBound() {
        List<List<Integer>> micros = Batching.micro(List.of(3, 10, 4, 9, 5, 4), Integer::intValue, 20);

        assertThat(micros).containsExactly(List.of(10, 9), List.of(5, 4, 4, 3));
    }

    @Test
    void aLongerItemGoesAlone() {
        assertThat(Batching.micro(List.of(1, 50), Integer::intValue, 20)).containsExactly(List.of(50), List.of(1));
        assertThat(Batching.micro(List.<Integer>of(), Integer::intValue, 20)).isEmpty();
    }

    @Test
    void stepsGoThroughEachEpochOnce() {
        // Given: 5 examples, 2 a step
        Course course = new Course(new Mixture(5, 0, 0, 1), 2);

        // Then
        assertThat(course.stepsPerEpoch()).isEqualTo(3);
        assertThat(course.batch(3)).hasSize(1);
        assertThat(course.epochOf(3)).isEqualTo(1);
        assertThat(course.epochOf(4)).isEqualTo(2);
        assertThat(List.of(course.batch(1), course.batch(2), course.batch(3)))
                .flatExtracting(batch -> batch)
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        // asked in any order, by a process that begins in the middle
        assertThat(new Course(new Mixture(5, 0, 0, 1), 2).batch(5)).isEqualTo(course.batch(5));
    }
}
