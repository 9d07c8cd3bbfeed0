/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.Secret;
import dev.kritik.schema.config.Tls;

/**
 * How to reach a schema registry that speaks Confluent's REST protocol.
 *
 * @param urls base addresses of one registry, tried in turn; without a slash at the end
 * @param register whether schemas that the registry lacks are registered, or only looked up
 * @param retries how often a failed request is tried again, at all addresses, after the first time
 * @param backoff pause before the first retry; doubles each time, with jitter
 * @param requestTimeout longest wait for one whole answer
 * @param connectTimeout longest wait for a connection
 * @param negativeCache how long "there is no such schema" is believed
 * @param credentials who we are
 * @param tls files for TLS
 */
public record RegistryConfig(
        List<URI> urls,
        boolean register,
        int retries,
        Duration backoff,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration negativeCache,
        Credentials credentials,
        Tls tls) {

    public static final String URL = "registry.url";
    public static final String REGISTER = "registry.register";
    public static final String RETRIES = "registry.retries";
    public static final String BACKOFF_MS = "registry.backoff.ms";
    public static final String REQUEST_TIMEOUT_MS = "registry.request.timeout.ms";
    public static final String CONNECT_TIMEOUT_MS = "registry.connect.timeout.ms";
    public static final String NEGATIVE_CACHE_MS = "registry.negative.cache.ms";
    public static final String BASIC_USER = "registry.basic.user";
    public static final String BASIC_PASSWORD_ENV = "registry.basic.password.env";
    public static final String BEARER_TOKEN_ENV = "registry.bearer.token.env";
    public static final String TLS_TRUSTSTORE = "registry.tls.truststore";
    public static final String TLS_TRUSTSTORE_PASSWORD_ENV = "registry.tls.truststore.password.env";
    public static final String TLS_KEYSTORE = "registry.tls.keystore";
    public static final String TLS_KEYSTORE_PASSWORD_ENV = "registry.tls.keystore.password.env";

    private static final int MINUTE_MS = 60_000;

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    URL,
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Importance.HIGH,
                    "Base address of a schema registry that speaks Confluent's REST protocol, such as"
                            + " http://localhost:8081, or http://localhost:8080/apis/ccompat/v7 for Apicurio Registry. Several"
                            + " addresses of the same registry, separated by commas, are tried in turn.")
            .define(
                    REGISTER,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    Importance.MEDIUM,
                    "true: a schema that the registry lacks is registered when it is first written with. false: it is only"
                            + " looked up, and writing fails if it is not there; for registries in which processes may not"
                            + " write.")
            .define(
                    RETRIES,
                    ConfigDef.Type.INT,
                    3,
                    Range.between(0, 100),
                    Importance.LOW,
                    "How often a request is tried again, at all addresses, when there was no answer or one of 5xx or 429.")
            .define(
                    BACKOFF_MS,
                    ConfigDef.Type.LONG,
                    200L,
                    Range.between(1, MINUTE_MS),
                    Importance.LOW,
                    "Milliseconds before the first retry; doubles with each further one, up to 10 s, less a random part of"
                            + " up to half. An answer's Retry-After is kept to where it is longer.")
            .define(
                    REQUEST_TIMEOUT_MS,
                    ConfigDef.Type.LONG,
                    10_000L,
                    Range.between(1, 10 * MINUTE_MS),
                    Importance.LOW,
                    "Milliseconds to wait for one whole answer.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    ConfigDef.Type.LONG,
                    5_000L,
                    Range.between(1, 10 * MINUTE_MS),
                    Importance.LOW,
                    "Milliseconds to wait for a connection.")
            .define(
                    NEGATIVE_CACHE_MS,
                    ConfigDef.Type.LONG,
                    10_000L,
                    Range.between(0, 60 * MINUTE_MS),
                    Importance.LOW,
                    "Milliseconds for which the registry is not asked again for a schema that it said it does not have: a"
                            + " flood of bad records costs one request.")
            .define(
                    BASIC_USER,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "User for HTTP basic authentication. The password comes from " + BASIC_PASSWORD_ENV + ".")
            .define(
                    BASIC_PASSWORD_ENV,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "Name of the environment variable that holds the password for " + BASIC_USER + ".")
            .define(
                    BEARER_TOKEN_ENV,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "Name of the environment variable that holds a token, sent as 'Authorization: Bearer'. Not together with "
                            + BASIC_USER + ".")
            .define(
                    TLS_TRUSTSTORE,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "File that says whom to trust: PKCS12, JKS, or certificates in PEM. Default: the authorities that Java"
                            + " trusts.")
            .define(
                    TLS_TRUSTSTORE_PASSWORD_ENV,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.LOW,
                    "Name of the environment variable that holds the password of " + TLS_TRUSTSTORE
                            + "; not needed for PEM.")
            .define(
                    TLS_KEYSTORE,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.LOW,
                    "File with our own key and certificate (PKCS12 or JKS), for registries that ask for one (mutual TLS).")
            .define(
                    TLS_KEYSTORE_PASSWORD_ENV,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.LOW,
                    "Name of the environment variable that holds the password of " + TLS_KEYSTORE + " and of its key.");

    /** What we show to the registry. */
    public sealed interface Credentials {
        /** Nothing. */
        record None() implements Credentials {}

        /** HTTP basic authentication. */
        record Basic(String user, Secret password) implements Credentials {}

        /** A token. */
        record Bearer(Secret token) implements Credentials {}
    }

    public RegistryConfig {
        urls = urls.stream().map(RegistryConfig::checked).toList();
        if (urls.isEmpty()) {
            throw new ConfigError(URL + " names no address");
        }
    }

    /**
     * Reads the keys out of all configuration.
     *
     * @throws ConfigError if a value is missing or wrong; names the key
     */
    public static RegistryConfig from(Map<String, String> all) {
        return from(all, System::getenv);
    }

    static RegistryConfig from(Map<String, String> all, UnaryOperator<String> environment) {
        AbstractConfig config = Configs.parse(DEF, all);
        Tls tls = new Tls(
                file(config, TLS_TRUSTSTORE),
                Secret.of(config, TLS_TRUSTSTORE_PASSWORD_ENV, environment),
                file(config, TLS_KEYSTORE),
                Secret.of(config, TLS_KEYSTORE_PASSWORD_ENV, environment));
        return new RegistryConfig(
                config.getList(URL).stream().map(RegistryConfig::uri).toList(),
                config.getBoolean(REGISTER),
                config.getInt(RETRIES),
                Duration.ofMillis(config.getLong(BACKOFF_MS)),
                Duration.ofMillis(config.getLong(REQUEST_TIMEOUT_MS)),
                Duration.ofMillis(config.getLong(CONNECT_TIMEOUT_MS)),
                Duration.ofMillis(config.getLong(NEGATIVE_CACHE_MS)),
                credentials(config, environment),
                tls);
    }

    private static Credentials credentials(AbstractConfig config, UnaryOperator<String> environment) {
        String user = config.getString(BASIC_USER);
        Optional<Secret> password = Secret.of(config, BASIC_PASSWORD_ENV, environment);
        Optional<Secret> token = Optional.ofNullable(config.getString(BEARER_TOKEN_ENV))
                .filter(variable -> !variable.isBlank())
                .map(variable -> Secret.token(BEARER_TOKEN_ENV, variable, environment));
        if (token.isPresent() && (user != null || password.isPresent())) {
            throw new ConfigError(BEARER_TOKEN_ENV + " and " + BASIC_USER + " are both set; keep one of them");
        }
        if (token.isPresent()) {
            return new Credentials.Bearer(token.get());
        }
        if ((user != null) != password.isPresent()) {
            throw new ConfigError(
                    BASIC_USER + " and " + BASIC_PASSWORD_ENV + " need each other; one of them is not set");
        }
        return user == null ? new Credentials.None() : new Credentials.Basic(user, password.get());
    }

    private static Optional<Path> file(AbstractConfig config, String key) {
        return Optional.ofNullable(config.getString(key))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    private static URI uri(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            // Neither the text nor the cause: a password may stand in it.
            throw new ConfigError(
                    URL + " holds something that is no address: " + e.getReason() + " at index " + e.getIndex());
        }
    }

    private static URI checked(URI uri) {
        if (uri.getRawUserInfo() != null) {
            // Addresses stand in logs and messages; so the text is not repeated here.
            throw new ConfigError(URL + " holds a user in the address of host " + uri.getHost() + "; use " + BASIC_USER
                    + " and " + BASIC_PASSWORD_ENV);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new ConfigError(URL + " holds '" + uri + "'; an address such as http://localhost:8081 is wanted");
        }
        return URI.create(uri.toString().replaceAll("/+$", ""));
    }
}
