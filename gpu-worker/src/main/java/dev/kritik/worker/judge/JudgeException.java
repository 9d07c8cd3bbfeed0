/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

/** A judge that wrote nothing usable. */
public final class JudgeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why; the names stand in the reason of a critique. */
    public enum Reason {
        /** The backend answered an error, or could not be reached. */
        JUDGE_ERROR,
        /** The backend did not answer in time. */
        JUDGE_TIMEOUT,
        /** The request's deadline passed first. */
        DEADLINE,
        /** The prompt is longer than the model takes. */
        PROMPT_TOO_LONG
    }

    private final Reason reason;
    private final boolean retryable;

    /**
     * Says why.
     *
     * @param retryable whether another try could end better
     */
    public JudgeException(Reason reason, boolean retryable, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.retryable = retryable;
    }

    public Reason reason() {
        return reason;
    }

    public boolean retryable() {
        return retryable;
    }
}
