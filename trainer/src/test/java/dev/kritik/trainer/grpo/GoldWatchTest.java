/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class GoldWatchTest {

    private final GoldWatch watch = new GoldWatch(new HackingAlarm(2));

    private Optional<String> evaluated(int step, double share) {
        return watch.evaluated(step, new GoldWatch.Gold(share, 0.02));
    }

    @Test
    void aPolicyThatGoesWrongFromTheBeginningIsHeldAgainstWhatItWasBeforeItsFirstStep() {
        // Given
        assertThat(evaluated(0, 0.8)).isEmpty();
        watch.learnt(new double[] {5, 5.1, 4.9, 5});
        watch.learnt(new double[] {8, 8.1, 7.9, 8});

        // When: it is as bad at the first evaluation as at all others
        assertThat(evaluated(10, 0.5)).isEmpty();
        watch.learnt(new double[] {9, 9.1, 8.9, 9});

        // Then
        assertThat(evaluated(20, 0.5))
                .hasValueSatisfying(words -> assertThat(words).contains("since step 0"));
        assertThat(watch.alarmed()).isTrue();
        assertThat(watch.state().best()).hasValueSatisfying(best -> {
            assertThat(best.step()).isZero();
            assertThat(best.gold()).isEqualTo(0.8);
            assertThat(best.proxy()).as("of the first step alone").isCloseTo(5, within(1e-9));
        });
    }

    @Test
    void itIsOverWhenTheNextEvaluationIsGoodAgain() {
        // Given
        evaluated(0, 0.8);
        watch.learnt(new double[] {5, 5.1});
        evaluated(1, 0.79);
        for (int step = 2; step <= 3; step++) {
            watch.learnt(new double[] {9, 9.1});
            evaluated(step, 0.4);
        }
        assertThat(watch.alarmed()).isTrue();

        // When
        watch.learnt(new double[] {9, 9.1});
        evaluated(4, 0.81);

        // Then
        assertThat(watch.alarmed()).isFalse();
    }

    @Test
    void anEvaluationWithoutRewardsSinceTheOneBeforeSaysNothing() {
        evaluated(0, 0.8);
        watch.learnt(new double[] {5, 5.1});
        evaluated(1, 0.8);
        assertThat(evaluated(2, 0.1)).isEmpty();
        watch.learnt(new double[] {9});
        assertThat(evaluated(3, 0.1)).as("one group has no spread").isEmpty();
        assertThat(watch.state().suspected()).isFalse();
    }
}
