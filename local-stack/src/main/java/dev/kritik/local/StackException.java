/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

/** The local stack can't be started or stopped. The message says what was wrong, where, and what to do. */
public final class StackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
