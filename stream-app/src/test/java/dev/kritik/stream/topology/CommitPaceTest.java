/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.LongSupplier;

class CommitPaceTest {

    private final CommitPace pace = new CommitPace(Duration.ofMillis(50));

    @Test
    void asksAtOnceWhenSomebodyWaits() {
        assertThat(pace.due(ms(0))).isFalse();

        pace.read();
        pace.written();

        assertThat(pace.due(ms(1))).isTrue();
        assertThat(pace.due(ms(100))).as("nothing was written since").isFalse();
    }

    @Test
    void keepsAGapBetweenTwo() {
        pace.written();
        assertThat(pace.due(ms(0))).isTrue();

        pace.written();

        assertThat(pace.due(ms(9))).isFalse();
        assertThat(pace.waiting()).isTrue();
        assertThat(pace.due(ms(10))).isTrue();
        assertThat(pace.waiting()).isFalse();
    }

    @Test
    void leavesABusyTaskToTheInterval() {
        pace.written();
        assertThat(pace.due(ms(0))).isTrue();

        for (int i = 0; i < 100; i++) {
            pace.read();
        }
        pace.written();

        assertThat(pace.due(ms(20))).isFalse();
        assertThat(pace.due(ms(50))).isTrue();

        pace.written();
        assertThat(pace.due(ms(60))).as("not busy any more").isTrue();
    }

    private static LongSupplier ms(long ms) {
        return () -> -5 + Duration.ofMillis(ms).toNanos(); // such clocks begin anywhere, below zero too
    }
}
