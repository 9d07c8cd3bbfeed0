/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.time.Duration;

/** A failure that may pass: a lost connection, a busy server. */
final class Transient extends Exception {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;
    private final boolean progressed;

    Transient(String message, Throwable cause) {
        this(message, cause, Duration.ZERO, false);
    }

    /**
     * @param retryAfter how long the server asks to wait; zero when it doesn't say
     * @param progressed whether something was gained before the failure
     */
    Transient(String message, Throwable cause, Duration retryAfter, boolean progressed) {
        super(message, cause);
        this.retryAfter = retryAfter;
        this.progressed = progressed;
    }

    Transient afterProgress() {
        return new Transient(getMessage(), getCause(), retryAfter, true);
    }

    Duration retryAfter() {
        return retryAfter;
    }

    boolean progressed() {
        return progressed;
    }
}
