/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

/** A text that could not be written. */
public final class GenerationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The prompt leaves no room in the model's context, or in the memory for caches. */
        PROMPT_TOO_LONG,
        /** The deadline passed. */
        DEADLINE,
        /** Too many requests wait already. */
        BUSY,
        /** The engine failed: out of memory, a device that is gone, values that are not numbers. */
        ENGINE,
        /** The generator was closed. */
        CLOSED
    }

    private final Reason reason;

    public GenerationException(Reason reason, String message) {
        this(reason, message, null);
    }

    public GenerationException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** A failure of the engine itself, which ends all texts that it was at; others of {@link Reason#ENGINE} have no cause. */
    public static GenerationException engineFailed(Throwable cause) {
        String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new GenerationException(Reason.ENGINE, "the engine failed: " + first, cause);
    }

    public Reason reason() {
        return reason;
    }
}
