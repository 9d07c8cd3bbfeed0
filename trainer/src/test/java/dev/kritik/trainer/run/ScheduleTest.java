/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void risesInEqualPartsAndThenKeeps() {
        Schedule schedule = new Schedule(0.1, 4, 10, Schedule.Shape.CONSTANT, 0);

        assertThat(schedule.at(1)).isEqualTo(0.025, within(1e-12));
        assertThat(schedule.at(4)).isEqualTo(0.1);
        assertThat(schedule.at(10)).isEqualTo(0.1);
    }

    @Test
    void linearAndCosineEndAtTheFloor() {
        Schedule linear = new Schedule(1, 0, 10, Schedule.Shape.LINEAR, 0.2);
        Schedule cosine = new Schedule(1, 2, 10, Schedule.Shape.COSINE, 0.2);

        assertThat(linear.at(5)).isEqualTo(0.6, within(1e-12));
        assertThat(linear.at(10)).isEqualTo(0.2, within(1e-12));
        assertThat(cosine.at(2)).isEqualTo(1);
        assertThat(cosine.at(6)).isEqualTo(0.6, within(1e-12));
        assertThat(cosine.at(10)).isEqualTo(0.2, within(1e-12));
    }

    @Test
    void aRunThatIsAllWarmUpEndsAtThePeak() {
        assertThat(new Schedule(1, 3, 3, Schedule.Shape.LINEAR, 0).at(3)).isEqualTo(1);
    }
}
