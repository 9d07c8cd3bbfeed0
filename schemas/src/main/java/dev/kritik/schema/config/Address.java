/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where a server listens.
 *
 * @param host a name or an address; IPv6 in brackets
 * @param port 0 takes a free one
 */
public record Address(String host, int port) {

    /** Takes {@code host:port}. */
    public static final ConfigDef.Validator VALIDATOR =
            ConfigDef.LambdaValidator.with((name, value) -> parse(name, (String) value), () -> "host:port");

    /**
     * Reads {@code host:port}.
     *
     * @param key for the error
     * @throws ConfigException naming the key
     */
    public static Address parse(String key, String text) {
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0
                && text.substring(colon + 1).matches("\\d{1,5}")
                && Integer.parseInt(text.substring(colon + 1)) <= 65_535;
        if (!port) {
            throw new ConfigException(key, text, "use host:port, such as 127.0.0.1:8380");
        }
        return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
