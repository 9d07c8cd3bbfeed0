/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1,50,100", "2,100,200", "3,200,400", "5,500,1000", "1000000,500,1000"})
    void doublesWithJitterUpToTheLongest(int failures, long least, long most) {
        // Given
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1000));

        for (int i = 0; i < 100; i++) {
            // When
            Duration pause = backoff.after(failures);

            // Then
            assertThat(pause).isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
        }
    }

    @Test
    void refusesALongestBelowTheFirst() {
        assertThatThrownBy(() -> new Backoff(Duration.ofMillis(2), Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
