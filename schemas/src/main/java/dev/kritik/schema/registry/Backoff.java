/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before a retry. */
record Backoff(Duration first) {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** A server may ask for longer, but not for ever: readers wait on us. */
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(30);

    private static final int MAX_DOUBLINGS = 20;

    /**
     * The pause before a retry: doubled each time, a random half of it left out so that processes which failed together
     * don't come back together; at least what the server asked for, within limits.
     *
     * @param attempt number of the retry, from 1
     * @param asked what the server asked for; zero for nothing
     */
    Duration before(int attempt, Duration asked) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
        long most = Math.min(doubled.toMillis(), LONGEST.toMillis());
        Duration own = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
        Duration kept = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        return own.compareTo(kept) > 0 ? own : kept;
    }

    /** What the header Retry-After asks for, in seconds or as a date; zero if it is absent, past or unreadable. */
    static Duration retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After").map(Backoff::parse).orElse(Duration.ZERO);
    }

    private static Duration parse(String text) {
        try {
            return Duration.ofSeconds(Math.clamp(Long.parseLong(text.strip()), 0, LONGEST_ASKED.toSeconds()));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant until = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(Instant.now(), until);
                return wait.isNegative() ? Duration.ZERO : wait;
            } catch (DateTimeException notADate) {
                return Duration.ZERO;
            }
        }
    }
}
