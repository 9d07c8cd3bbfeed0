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

    /**
     * A token or API key from an environment variable, fit for an HTTP header: without white space at its ends, such as
     * the line break of the file that it came from, and of visible ASCII characters only. Looked at here, since Java's
     * HTTP client repeats in its error the whole value that it refuses.
     *
     * @param key the configuration key that names the variable, for errors
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @throws ConfigError if the variable is not set, blank, or holds other characters; never repeats the value
     */
    public static Secret token(String key, String variable, UnaryOperator<String> environment) {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            throw new ConfigError(key + " names the environment variable '" + variable
                    + "', which is not set; set it to the secret, or clear the key");
        }
        String token = value.strip();
        if (!token.chars().allMatch(character -> character >= '!' && character <= '~')) {
            throw new ConfigError("the environment variable '" + variable + "' that " + key
                    + " names holds a space, a line break or another character that can't stand in a token; set it to"
                    + " the token alone");
        }
        return new Secret(token);
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
