/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.config.AbstractConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A password or a token. Shows itself only when {@link #reveal() asked}, so that it can't slip into a log with the
 * record that holds it.
 *
 * <p>Configuration names an environment variable. Where that is not set, but one by its name and {@value #FILE} is, the
 * secret is the content of the file named there, without its last line break: the way in which Docker and Kubernetes hand
 * secrets to containers.
 */
public final class Secret {

    /** After the name of a variable: the variable with the path of a file instead. */
    public static final String FILE = "_FILE";

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /**
     * The secret that stands in an environment variable, whose name stands under a configuration key.
     *
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @return empty when the key is not set
     * @throws ConfigError if the variable is not set or empty, and no file is named either
     */
    public static Optional<Secret> of(AbstractConfig config, String key, UnaryOperator<String> environment) {
        String variable = config.getString(key);
        if (variable == null || variable.isBlank()) {
            return Optional.empty();
        }
        String value = lookUp(key, variable, environment);
        if (value.isEmpty()) {
            throw notSet(key, variable);
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
        String value = lookUp(key, variable, environment);
        if (value.isBlank()) {
            throw notSet(key, variable);
        }
        String token = value.strip();
        if (!token.chars().allMatch(character -> character >= '!' && character <= '~')) {
            throw new ConfigError("the environment variable '" + variable + "' that " + key
                    + " names holds a space, a line break or another character that can't stand in a token; set it to"
                    + " the token alone");
        }
        return new Secret(token);
    }

    private static String lookUp(String key, String variable, UnaryOperator<String> environment) {
        String value = environment.apply(variable);
        String file = environment.apply(variable + FILE);
        if ((value != null && !value.isBlank()) || file == null || file.isBlank()) {
            return value == null ? "" : value;
        }
        try {
            return Files.readString(Path.of(file.strip())).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw new ConfigError(
                    key + " names the environment variable '" + variable + "'; instead of it '" + variable + FILE
                            + "' is set, but the file '" + file + "' can't be read as text ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static ConfigError notSet(String key, String variable) {
        return new ConfigError(key + " names the environment variable '" + variable
                + "', which is not set; set it to the secret, or '" + variable + FILE
                + "' to the path of a file that holds it, or remove the key");
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
