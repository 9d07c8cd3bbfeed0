/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

/** A checkpoint that can't be used. The message names the file, what is wrong in it, and what to do. */
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
