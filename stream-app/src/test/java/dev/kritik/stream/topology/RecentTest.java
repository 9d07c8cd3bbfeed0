/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.kritik.stream.core.GroupId;

class RecentTest {

    private final Recent recent = new Recent();

    @Test
    void knowsNothingOfAGroupThatItDidNotSeeBegin() {
        assertThat(recent.of(group(1))).isNull();
    }

    @Test
    void knowsWhatWasKeptOfOneThatItSawBegin() {
        recent.isNew(group(1));
        recent.of(group(1)).keepSample(3);

        assertThat(recent.of(group(1)).hasSample(3)).isTrue();
        assertThat(recent.of(group(1)).hasSample(2)).isFalse();
        assertThat(recent.of(group(1)).hasTrace()).isFalse();
        recent.of(group(1)).keepTrace();
        assertThat(recent.of(group(1)).hasTrace()).isTrue();
    }

    @Test
    void knowsNothingOfAGroupThatIsClosed() {
        recent.isNew(group(1));
        recent.forget(group(1));

        assertThat(recent.of(group(1))).isNull();
    }

    @Test
    void forgetsThoseThatWereNotSeenForLongest() {
        for (int i = 0; i < 10_000; i++) {
            recent.isNew(group(i));
        }
        recent.of(group(0)).keepTrace();
        recent.isNew(group(10_000));

        assertThat(recent.of(group(0)).hasTrace()).isTrue();
        assertThat(recent.of(group(1))).isNull();
        assertThat(recent.of(group(10_000))).isNotNull();
    }

    private static GroupId group(int number) {
        return new GroupId("job", "q" + number, 0);
    }
}
