/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.monitor.watch.Limits;
import dev.kritik.monitor.web.WebConfig;
import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.Secret;

/**
 * The keys {@code dashboard.*}.
 *
 * @param web the server
 * @param limits what is remembered
 * @param lagInterval how often the brokers are asked for lag
 */
public record DashboardConfig(WebConfig web, Limits limits, Duration lagInterval) {

    public static final String ADDRESS = "dashboard.http.address";
    public static final String TOKEN_ENV = "dashboard.http.token.env";
    public static final String HOSTS = "dashboard.http.hosts";
    public static final String CLIENTS = "dashboard.clients.max";
    public static final String WINDOW = "dashboard.window.ms";
    public static final String GROUPS = "dashboard.groups.max";
    public static final String DEAD_LETTERS = "dashboard.dead.letters.max";
    public static final String LAG_INTERVAL = "dashboard.lag.interval.ms";

    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    ADDRESS,
                    ConfigDef.Type.STRING,
                    "127.0.0.1:8390",
                    Address.VALIDATOR,
                    Importance.HIGH,
                    "Where the dashboard listens, host:port. 0.0.0.0 or [::] for all addresses of the machine: then set a"
                            + " token, for it shows whole rollouts and critiques, and let a proxy in front speak TLS. Port"
                            + " 0 takes a free one.")
            .define(
                    TOKEN_ENV,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.HIGH,
                    "Environment variable with the token that people type once into the login page, and programs send as"
                            + " 'Authorization: Bearer TOKEN'. When not set, everyone who reaches the address may look."
                            + " /health/live and /health/ready need none.")
            .define(
                    HOSTS,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Importance.LOW,
                    "Host names, besides localhost and IP addresses, under which browsers may reach a dashboard without a"
                            + " token. Others are refused, so that no page of another site can read it by pointing a name"
                            + " of its own here (DNS rebinding).")
            .define(
                    CLIENTS,
                    ConfigDef.Type.INT,
                    50,
                    Range.between(1, 1_000),
                    Importance.LOW,
                    "Most pages that get live updates at once; further ones are told to try again.")
            .define(
                    WINDOW,
                    ConfigDef.Type.LONG,
                    HOUR_MS,
                    Range.between(MINUTE_MS, 24 * HOUR_MS),
                    Importance.MEDIUM,
                    "How far back the dashboard looks, in milliseconds. At its start it reads the topics from there.")
            .define(
                    GROUPS,
                    ConfigDef.Type.INT,
                    5_000,
                    Range.between(100, 1_000_000),
                    Importance.MEDIUM,
                    "Most groups of the window that can be listed and opened, about 2 KB of memory each; the oldest that"
                            + " ended are let go first. Counts and charts don't depend on it.")
            .define(
                    DEAD_LETTERS,
                    ConfigDef.Type.INT,
                    500,
                    Range.between(10, 100_000),
                    Importance.LOW,
                    "Most dead letters of the window that are listed, the newest.")
            .define(
                    LAG_INTERVAL,
                    ConfigDef.Type.LONG,
                    5_000L,
                    Range.between(1_000, 10 * MINUTE_MS),
                    Importance.LOW,
                    "How often the brokers are asked how far groups are behind, in milliseconds.");

    /**
     * Reads the keys out of all configuration.
     *
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @throws dev.kritik.schema.config.ConfigError if a value is wrong; names the key
     */
    public static DashboardConfig from(Map<String, String> all, UnaryOperator<String> environment) {
        AbstractConfig config = Configs.parse(DEF, all);
        String variable = config.getString(TOKEN_ENV).strip();
        Optional<Secret> token =
                variable.isEmpty() ? Optional.empty() : Optional.of(Secret.token(TOKEN_ENV, variable, environment));
        return new DashboardConfig(
                new WebConfig(
                        Address.parse(ADDRESS, config.getString(ADDRESS)),
                        token,
                        config.getList(HOSTS),
                        config.getInt(CLIENTS)),
                new Limits(config.getLong(WINDOW), config.getInt(GROUPS), config.getInt(DEAD_LETTERS)),
                Duration.ofMillis(config.getLong(LAG_INTERVAL)));
    }
}
