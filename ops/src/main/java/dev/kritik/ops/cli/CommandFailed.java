/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

/** A command that ran and did not reach its end: exit code 1. The message says what went wrong and what to do. */
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandFailed(String message) {
        super(message);
    }

    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
