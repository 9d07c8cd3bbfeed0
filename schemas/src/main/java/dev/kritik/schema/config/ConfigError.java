/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

/** A configuration that can't be used. The message names the key, what is wrong with it, and what to do. */
public final class ConfigError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigError(String message) {
        super(message);
    }

    public ConfigError(String message, Throwable cause) {
        super(message, cause);
    }
}
