/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double with each failure, with jitter, so that many workers do not come back at the same instant.
 *
 * @param first pause after the first failure
 * @param max longest pause
 */
public record Backoff(Duration first, Duration max) {

    public Backoff {
        if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "back-off from " + first + " to " + max + ": the first must be positive and not above the longest");
        }
    }

    /**
     * The pause after so many failures in a row: between a half and the whole of {@code first * 2^(failures-1)}, which
     * {@code max} bounds.
     *
     * @param failures at least 1
     */
    public Duration after(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 30);
        long whole = Math.min(max.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }
}
