/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

/** A reader or writer can't go on, and trying again does not help. The message says why, and what to do. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClientException(String message) {
        super(message);
    }

    public ClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
