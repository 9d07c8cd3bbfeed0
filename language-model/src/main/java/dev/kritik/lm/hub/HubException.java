/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

/** A model that can't be had. The message names the model and says what to do. */
public final class HubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Neither a folder nor {@code org/name}, or settings that can't be. */
        NAME,
        /** The hub has no such model, revision or file, or none in a usable form. */
        NOT_FOUND,
        /** Gated or private, and no token that may read it. */
        DENIED,
        /** No connection, or the hub keeps failing, and the cache doesn't hold the model. */
        UNREACHABLE,
        /** What the hub sent isn't what it announced, or can't be trusted. */
        BROKEN,
        /** The cache can't be written. */
        CACHE
    }

    private final Reason reason;

    public HubException(Reason reason, String message) {
        this(reason, message, null);
    }

    public HubException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
