/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.kritik.schema.config.ConfigError;

/**
 * How to talk to one model server. The same keys serve all of them, each under a prefix of its own.
 *
 * @param prefix of the keys it was read from, for errors
 * @param url base address
 * @param apiKeyEnv environment variable that holds the API key
 * @param concurrency most requests at once
 * @param timeout for a whole exchange, body included
 * @param connectTimeout for opening a connection
 * @param retryAfterMax longest pause that the server can ask for
 * @param maxResponseBytes longest body that is read
 * @param trustStore certificates to trust instead of Java's own
 * @param trustStorePasswordEnv environment variable that holds the password of the trust store
 */
public record ServerConfig(
        String prefix,
        URI url,
        Optional<String> apiKeyEnv,
        int concurrency,
        Duration timeout,
        Duration connectTimeout,
        Duration retryAfterMax,
        int maxResponseBytes,
        Optional<Path> trustStore,
        Optional<String> trustStorePasswordEnv) {

    /** Describes the keys. */
    public static ConfigDef define(
            ConfigDef def, String prefix, String urlDoc, int concurrency, int timeoutMs, int maxResponseBytes) {
        return def.define(prefix + "url", ConfigDef.Type.STRING, "", ConfigDef.Importance.HIGH, urlDoc)
                .define(
                        prefix + "api.key.env",
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.Importance.MEDIUM,
                        "Name of the environment variable that holds the API key, which is sent as a bearer token."
                                + " Empty: none is sent.")
                .define(
                        prefix + "concurrency",
                        ConfigDef.Type.INT,
                        concurrency,
                        ConfigDef.Range.between(1, 100_000),
                        ConfigDef.Importance.HIGH,
                        "Most requests at once from this worker. Refusals (429, 503) halve the number for a while.")
                .define(
                        prefix + "timeout.ms",
                        ConfigDef.Type.INT,
                        timeoutMs,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.HIGH,
                        "Milliseconds that one exchange may take, from sending to the last byte of the answer; waiting"
                                + " for a free place does not count. The request's deadline cuts it short.")
                .define(
                        prefix + "connect.timeout.ms",
                        ConfigDef.Type.INT,
                        5_000,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        "Milliseconds that opening a connection may take. A server that can't be connected is tried"
                                + " again until the request's deadline.")
                .define(
                        prefix + "retry.after.max.ms",
                        ConfigDef.Type.INT,
                        60_000,
                        ConfigDef.Range.atLeast(0),
                        ConfigDef.Importance.LOW,
                        "Milliseconds of the longest pause that the server can ask for by Retry-After; longer ones are"
                                + " cut to this, then one request probes.")
                .define(
                        prefix + "response.max.bytes",
                        ConfigDef.Type.INT,
                        maxResponseBytes,
                        ConfigDef.Range.between(1_024, 64 * 1_024 * 1_024),
                        ConfigDef.Importance.LOW,
                        "Bytes of the longest answer that is read. A judge's text goes into one record: stay below"
                                + " max.request.size of the producer and max.message.bytes of the topic.")
                .define(
                        prefix + "tls.truststore",
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.Importance.LOW,
                        "File with the certificates to trust: PEM, PKCS12 or JKS. Empty: those of Java.")
                .define(
                        prefix + "tls.truststore.password.env",
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.Importance.LOW,
                        "Name of the environment variable that holds the password of the trust store.");
    }

    /**
     * Reads the keys.
     *
     * @throws ConfigError naming the key at fault
     */
    public static ServerConfig from(AbstractConfig config, String prefix) {
        return new ServerConfig(
                prefix,
                url(config.getString(prefix + "url"), prefix + "url"),
                text(config, prefix + "api.key.env"),
                config.getInt(prefix + "concurrency"),
                millis(config, prefix + "timeout.ms"),
                millis(config, prefix + "connect.timeout.ms"),
                millis(config, prefix + "retry.after.max.ms"),
                config.getInt(prefix + "response.max.bytes"),
                text(config, prefix + "tls.truststore").map(Path::of),
                text(config, prefix + "tls.truststore.password.env"));
    }

    private static URI url(String text, String key) {
        if (text.isBlank()) {
            throw new ConfigError(key + " is missing: the address of the model server, such as http://localhost:8000");
        }
        try {
            URI uri = new URI(text.strip().replaceAll("/++$", ""));
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ConfigError(key + " '" + text + "' is no address: " + e.getReason(), e);
        }
        throw new ConfigError(
                key + " must be like http://host:port/path or https://..., without user, password or query");
    }

    private static Optional<String> text(AbstractConfig config, String key) {
        return Optional.of(config.getString(key)).filter(value -> !value.isBlank());
    }

    private static Duration millis(AbstractConfig config, String key) {
        return Duration.ofMillis(config.getInt(key));
    }
}
