/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a {@link LocalStack} runs.
 *
 * @param data the folder for everything that is kept: topics, schemas, logs; made where it is missing
 * @param brokerPort the first broker's port on 127.0.0.1, others take free ones; 0 = a free one
 * @param registryPort the registry's port on 127.0.0.1; 0 = a free one
 * @param startTimeout how long both together may take until they answer
 * @param brokerProperties server properties of Kafka that stand above our own
 * @param durable true: orderly stop, data stay. False: stopped at once and the data folder deleted, for tests
 * @param secured TLS, passwords and ACLs; otherwise anyone on this machine may do anything
 * @param oauth whose tokens a secured broker takes beside passwords; empty = nobody's
 * @param brokers how many, 1..{@value #MOST_BROKERS}; 1 where the stack is secured
 * @param zones names of places from which clients reach each broker over a link of its own, that can be cut; none where the
 *     stack is secured
 * @param brokerFolders by a broker's number, from 0: where its log folder is made, if not under {@code data}
 */
public record Options(
        Path data,
        int brokerPort,
        int registryPort,
        Duration startTimeout,
        Map<String, String> brokerProperties,
        boolean durable,
        boolean secured,
        Optional<OAuth> oauth,
        int brokers,
        List<String> zones,
        Map<Integer, Path> brokerFolders) {

    /** Each of them is a JVM. */
    public static final int MOST_BROKERS = 5;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    public Options {
        data = data.toAbsolutePath().normalize();
        brokerProperties = Map.copyOf(brokerProperties);
        zones = List.copyOf(zones);
        brokerFolders = Map.copyOf(brokerFolders);
        Ports.requireValid("broker port", brokerPort);
        Ports.requireValid("registry port", registryPort);
        if (brokers < 1 || brokers > MOST_BROKERS) {
            throw new IllegalArgumentException(brokers + " brokers are not in 1.." + MOST_BROKERS);
        }
        if (secured && (brokers > 1 || !zones.isEmpty())) {
            throw new IllegalArgumentException("a secured stack has one broker and no zones");
        }
        if (new HashSet<>(zones).size() < zones.size()) {
            throw new IllegalArgumentException("two zones have the same name: " + zones);
        }
    }

    /** A stack of one broker whose data stay in this folder; free ports. */
    public static Options in(Path data) {
        return new Options(data, 0, 0, START_TIMEOUT, Map.of(), true, false, Optional.empty(), 1, List.of(), Map.of());
    }

    /** A stack of one broker on free ports with a new folder that is deleted at the end. */
    public static Options temporary() {
        try {
            return in(Files.createTempDirectory("kritik-")).thrownAway();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same on other ports; 0 = a free one. */
    public Options withPorts(int broker, int registry) {
        return new Options(
                data,
                broker,
                registry,
                startTimeout,
                brokerProperties,
                durable,
                secured,
                oauth,
                brokers,
                zones,
                brokerFolders);
    }

    /** The same with another time limit for the start. */
    public Options withStartTimeout(Duration timeout) {
        return new Options(
                data,
                brokerPort,
                registryPort,
                timeout,
                brokerProperties,
                durable,
                secured,
                oauth,
                brokers,
                zones,
                brokerFolders);
    }

    /** The same with these server properties of Kafka above our own. */
    public Options withBrokerProperties(Map<String, String> properties) {
        return new Options(
                data,
                brokerPort,
                registryPort,
                startTimeout,
                properties,
                durable,
                secured,
                oauth,
                brokers,
                zones,
                brokerFolders);
    }

    /** The same, but stopped at once and with the data folder deleted at the end. */
    public Options thrownAway() {
        return lasting(false, secured, oauth);
    }

    /**
     * The same, but nobody comes in without a password (SCRAM-SHA-512) or a certificate, over TLS, and may do only what an
     * ACL allows. {@link LocalStack#clientSettings} says how to come in.
     */
    public Options withSecurity() {
        return lasting(durable, true, oauth);
    }

    /** The same with security, and with this issuer's tokens taken too (OAUTHBEARER). */
    public Options withOAuth(OAuth issuer) {
        return lasting(durable, true, Optional.of(issuer));
    }

    /**
     * The same with so many brokers. With three or more each record has three copies, of which two must be written.
     *
     * @throws IllegalArgumentException if it is not in 1..{@value #MOST_BROKERS}, or the stack is secured
     */
    public Options withBrokers(int count) {
        return spread(count, zones, brokerFolders);
    }

    /**
     * The same, with a way to each broker from each of these zones: {@link LocalStack#bootstrapServers(String)} is what a
     * client in it is given, and {@link LocalStack#link} what lies between.
     */
    public Options withZones(List<String> names) {
        return spread(brokers, names, brokerFolders);
    }

    /**
     * The same with one broker's log folder made in this one, for instance on a small file system. Only a stack that is thrown
     * away deletes it at the end.
     *
     * @param broker its number, from 0
     */
    public Options withBrokerFolder(int broker, Path folder) {
        Map<Integer, Path> folders = new TreeMap<>(brokerFolders);
        folders.put(broker, folder.toAbsolutePath().normalize());
        return spread(brokers, zones, folders);
    }

    private Options lasting(boolean lasts, boolean safe, Optional<OAuth> issuer) {
        return new Options(
                data,
                brokerPort,
                registryPort,
                startTimeout,
                brokerProperties,
                lasts,
                safe,
                issuer,
                brokers,
                zones,
                brokerFolders);
    }

    private Options spread(int count, List<String> names, Map<Integer, Path> folders) {
        return new Options(
                data,
                brokerPort,
                registryPort,
                startTimeout,
                brokerProperties,
                durable,
                secured,
                oauth,
                count,
                names,
                folders);
    }
}
