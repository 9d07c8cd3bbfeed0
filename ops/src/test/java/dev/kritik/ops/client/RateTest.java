/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicLong;

class RateTest {

    private final AtomicLong now = new AtomicLong();

    private RateLimit limit(String rate) {
        return new RateLimit(Rate.parse(rate), now::get, now::addAndGet);
    }

    @ParameterizedTest
    @CsvSource({"20MB/s, 20e6, false", "1.5KB/s, 1500, false", "7B/s, 7, false", "500/s, 500, true", "0.5/s, 0.5, true"
    })
    void readsBytesAndRecords(String text, double perSecond, boolean records) {
        assertThat(Rate.parse(text)).isEqualTo(new Rate(perSecond, records));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "20MB", "MB/s", "0/s", "-1/s", "20M/s", "fast", ""})
    void saysWhatIsNoRate(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no rate");
    }

    @Test
    void keepsTheAverageWhateverTheSizeOfAFetch() {
        // Given
        RateLimit limit = limit("10/s");

        // When
        for (int i = 0; i < 30; i++) {
            limit.await(i % 3 * 10L, 5, () -> false);
        }

        // Then: 300 records
        assertThat(now.get() / 1e9).isCloseTo(30, within(1.0));
    }

    @Test
    void savesUpNoMoreThanASecond() {
        // Given: nothing was read for an hour
        RateLimit limit = limit("1MB/s");
        now.addAndGet(3_600_000_000_000L);
        long begin = now.get();

        // When
        limit.await(1, 5_000_000, () -> false);

        // Then
        assertThat((now.get() - begin) / 1e9).isCloseTo(4, within(0.2));
    }

    @Test
    void doesNotWaitWithoutALimitNorWhenItIsStopped() {
        limit("none").await(1_000_000, 1L << 40, () -> false);
        limit("1/s").await(1_000_000, 1, () -> true);
        assertThat(now.get()).isZero();
    }
}
