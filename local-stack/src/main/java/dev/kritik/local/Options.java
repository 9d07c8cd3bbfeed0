/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a {@link LocalStack} runs.
 *
 * @param data the folder for everything that is kept: topics, schemas, logs; made where it is missing
 * @param brokerPort the broker's port on 127.0.0.1; 0 = a free one
 * @param registryPort the registry's port on 127.0.0.1; 0 = a free one
 * @param startTimeout how long both together may take until they answer
 * @param brokerProperties server properties of Kafka that stand above our own
 * @param durable true: orderly stop, data stay. False: stopped at once and the data folder deleted, for tests
 * @param secured TLS, passwords and ACLs; otherwise anyone on this machine may do anything
 * @param oauth whose tokens a secured broker takes beside passwords; empty = nobody's
 */
public record Options(
        Path data,
        int brokerPort,
        int registryPort,
        Duration startTimeout,
        Map<String, String> brokerProperties,
        boolean durable,
        boolean secured,
        Optional<OAuth> oauth) {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    public Options {
        data = data.toAbsolutePath().normalize();
        brokerProperties = Map.copyOf(brokerProperties);
        Ports.requireValid("broker port", brokerPort);
        Ports.requireValid("registry port", registryPort);
    }

    /** A stack whose data stay in this folder; free ports. */
    public static Options in(Path data) {
        return new Options(data, 0, 0, START_TIMEOUT, Map.of(), true, false, Optional.empty());
    }

    /** A stack on free ports with a new folder that is deleted at the end. */
    public static Options temporary() {
        try {
            return in(Files.createTempDirectory("kritik-")).thrownAway();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same on other ports; 0 = a free one. */
    public Options withPorts(int broker, int registry) {
        return new Options(data, broker, registry, startTimeout, brokerProperties, durable, secured, oauth);
    }

    /** The same with another time limit for the start. */
    public Options withStartTimeout(Duration timeout) {
        return new Options(data, brokerPort, registryPort, timeout, brokerProperties, durable, secured, oauth);
    }

    /** The same with these server properties of Kafka above our own. */
    public Options withBrokerProperties(Map<String, String> properties) {
        return new Options(data, brokerPort, registryPort, startTimeout, properties, durable, secured, oauth);
    }

    /** The same, but stopped at once and with the data folder deleted at the end. */
    public Options thrownAway() {
        return new Options(data, brokerPort, registryPort, startTimeout, brokerProperties, false, secured, oauth);
    }

    /**
     * The same, but nobody comes in without a password (SCRAM-SHA-512) or a certificate, over TLS, and may do only what an
     * ACL allows. {@link LocalStack#clientSettings} says how to come in.
     */
    public Options withSecurity() {
        return new Options(data, brokerPort, registryPort, startTimeout, brokerProperties, durable, true, oauth);
    }

    /** The same with security, and with this issuer's tokens taken too (OAUTHBEARER). */
    public Options withOAuth(OAuth issuer) {
        return new Options(
                data, brokerPort, registryPort, startTimeout, brokerProperties, durable, true, Optional.of(issuer));
    }
}
