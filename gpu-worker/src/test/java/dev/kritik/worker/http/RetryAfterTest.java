/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration MOST = Duration.ofMinutes(1);

    @Test
    void readsSecondsAndDates() {
        assertThat(RetryAfter.parse("7", NOW, MOST)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse(" 0.25 ", NOW, MOST)).contains(Duration.ofMillis(250));
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 12:00:30 GMT", NOW, MOST)).contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 11:00:00 GMT", NOW, MOST)).contains(Duration.ZERO);
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(RetryAfter.parse("3600", NOW, MOST)).contains(MOST);
        assertThat(RetryAfter.parse("Fri, 01 Jan 2027 12:00:00 GMT", NOW, MOST)).contains(MOST);
    }

    @Test
    void passesOverWhatIsNeither() {
        assertThat(RetryAfter.parse("soon", NOW, MOST)).isEmpty();
        assertThat(RetryAfter.parse("-5", NOW, MOST)).isEmpty();
        assertThat(RetryAfter.parse("", NOW, MOST)).isEmpty();
        assertThat(RetryAfter.parse("99999999999999999999", NOW, MOST)).isEmpty();
    }
}
