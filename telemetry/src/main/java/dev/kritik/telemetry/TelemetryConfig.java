/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.Secret;

/**
 * The keys {@code telemetry.*}.
 *
 * @param address where figures and health can be fetched; empty for nowhere
 * @param token what clients must show for the figures; empty lets everyone in
 */
public record TelemetryConfig(Optional<Address> address, Optional<Secret> token) {

    public static final String ADDRESS = "telemetry.http.address";
    public static final String TOKEN_ENV = "telemetry.http.token.env";

    /** Value of {@link #ADDRESS} that serves nothing. */
    public static final String OFF = "off";

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    ADDRESS,
                    ConfigDef.Type.STRING,
                    "127.0.0.1:0",
                    ConfigDef.LambdaValidator.with(
                            (name, value) -> {
                                if (!OFF.equals(value)) {
                                    Address.parse(name, (String) value);
                                }
                            },
                            () -> "host:port, or " + OFF),
                    Importance.MEDIUM,
                    "Where this process serves /metrics, /health/live and /health/ready, host:port. Port 0 takes a free one,"
                            + " which the log names, so that several processes of one machine can share a file; give a port"
                            + " to whatever scrapes it. 0.0.0.0 or [::] for all addresses of the machine.")
            .define(
                    TOKEN_ENV,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "Name of the environment variable with the token that /metrics wants as 'Authorization: Bearer TOKEN'."
                            + " Without it everyone may read; health may be read by everyone in any case.");

    /**
     * Reads the keys out of all configuration.
     *
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @throws ConfigError if a value is wrong; names the key
     */
    public static TelemetryConfig from(Map<String, String> all, UnaryOperator<String> environment) {
        AbstractConfig config = Configs.parse(DEF, all);
        String address = config.getString(ADDRESS);
        String variable = config.getString(TOKEN_ENV).strip();
        return new TelemetryConfig(
                address.equals(OFF) ? Optional.empty() : Optional.of(Address.parse(ADDRESS, address)),
                variable.isEmpty() ? Optional.empty() : Optional.of(Secret.token(TOKEN_ENV, variable, environment)));
    }
}
