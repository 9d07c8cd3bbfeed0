/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.config.AbstractConfig;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A password or a token. Shows itself only when {@link #reveal() asked}, so that it can't slip into a log with the
 * record that holds it.
 */
public final class Secret {

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /**
     * The secret that stands in an environment variable, whose name stands under a configuration key.
     *
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @return empty when the key is not set
     * @throws ConfigError if the variable is not set or empty
     */
    public static Optional<Secret> of(AbstractConfig config, String key, UnaryOperator<String> environment) {
        String variable = config.getString(key);
        if (variable == null || variable.isBlank()) {
            return Optional.empty();
        }
        String value = environment.apply(variable);
        if (value == null || value.isEmpty()) {
            throw new ConfigError(key + " names the environment variable '" + variable
                    + "', which is not set; set it to the secret, or remove the key");
        }
        return Optional.of(new Secret(value));
    }

    /** The secret itself. Not for logs or messages. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
