/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

/** A training that can't begin, or can't go on. The message says why, and what to do. */
public final class TrainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TrainException(String message) {
        super(message);
    }

    public TrainException(String message, Throwable cause) {
        super(message, cause);
    }
}
