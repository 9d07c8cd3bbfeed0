/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class FinishedPrefixTest {

    @Test
    void standsBeforeTheOldestUnfinishedTask() {
        // Given
        FinishedPrefix prefix = new FinishedPrefix(10);
        prefix.taken(10);
        prefix.taken(11);
        prefix.taken(12);

        // When
        prefix.finished(12);
        prefix.finished(11);

        // Then
        assertThat(prefix.position()).isEqualTo(10);
        assertThat(prefix.dirty()).isFalse();
        assertThat(prefix.span()).isEqualTo(3);
        prefix.finished(10);
        assertThat(prefix.position()).isEqualTo(13);
        assertThat(prefix.dirty()).isTrue();
    }

    @Test
    void isNotDirtyAfterItsPositionWasSent() {
        // Given
        FinishedPrefix prefix = new FinishedPrefix(0);
        prefix.taken(0);
        prefix.finished(0);

        // When
        prefix.committing();

        // Then
        assertThat(prefix.dirty()).isFalse();
    }

    @Test
    void stepsOverGapsThatTransactionsLeave() {
        // Given
        FinishedPrefix prefix = new FinishedPrefix(5);
        prefix.taken(5);
        prefix.taken(9);

        // When
        prefix.finished(5);

        // Then
        assertThat(prefix.position()).isEqualTo(9);
        prefix.finished(9);
        prefix.readTo(11);
        assertThat(prefix.position()).isEqualTo(11);
    }

    @Test
    void neverPassesAnUnfinishedTaskWhateverTheOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            // Given
            FinishedPrefix prefix = new FinishedPrefix(0);
            List<Long> offsets = new ArrayList<>();
            long offset = 0;
            for (int i = 0; i < 50; i++) {
                offsets.add(offset);
                prefix.taken(offset);
                offset += 1 + random.nextInt(3);
            }
            Set<Long> open = new HashSet<>(offsets);
            Collections.shuffle(offsets, random);
            for (long next : offsets) {
                // When
                prefix.finished(next);
                open.remove(next);

                // Then
                assertThat(open)
                        .as("seed " + seed)
                        .allSatisfy(left -> assertThat(left).isGreaterThanOrEqualTo(prefix.position()));
            }
            assertThat(prefix.position()).as("seed " + seed).isGreaterThan(Collections.max(offsets));
        }
    }
}
