/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

/** The engine can't be started, or failed. The message says what to do. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
