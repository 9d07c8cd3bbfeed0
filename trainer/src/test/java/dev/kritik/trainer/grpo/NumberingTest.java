/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.client.GroupId;

class NumberingTest {

    private static final Numbering MINE = Given.NUMBERING;
    private static final Numbering ANOTHER_RUN = new Numbering("job", "ffffffff");
    private static final Numbering ANOTHER_JOB = new Numbering("other", MINE.run());

    @Test
    void groupsOfOtherRunsAndJobsAreNotItsOwn() {
        assertThat(MINE.owns(MINE.group(0))).isTrue();
        assertThat(MINE.owns(MINE.group(123_456_789_012L))).isTrue();
        assertThat(MINE.owns(ANOTHER_RUN.group(0))).isFalse();
        assertThat(MINE.owns(ANOTHER_JOB.group(0))).isFalse();
        assertThat(MINE.owns(new GroupId("job", "somebody's", 0))).isFalse();
        assertThat(MINE.owns(new GroupId("job", MINE.run() + "0-1", 0))).isFalse();
    }

    @Test
    void aGroupKnowsItsNumber() {
        assertThat(MINE.number(MINE.group(123_456_789_012L))).isEqualTo(123_456_789_012L);
    }

    @Test
    void theNextNumberIsBehindItsHighestWhateverOthersHave() {
        assertThat(MINE.behind(List.of())).isZero();
        assertThat(MINE.behind(List.of(ANOTHER_RUN.group(50)))).isZero();
        assertThat(MINE.behind(List.of(MINE.group(3), MINE.group(10), MINE.group(9), ANOTHER_RUN.group(50))))
                .isEqualTo(11);
    }
}
