/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

/** A line that holds no rollouts. The message says where in the line, and what is wrong. */
public final class BadLine extends Exception {

    private static final long serialVersionUID = 1L;

    public BadLine(String message) {
        super(message);
    }

    public BadLine(String message, Throwable cause) {
        super(message, cause);
    }
}
