/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One broker of a stack: its folders, its ports, the links to it, and its process if it was ever started.
 *
 * <p>Without links clients, the broker itself and its controller meet at two ports. With links there are more listeners: for
 * clients that no link may stand in the way of, for the other brokers, for their controllers, and for each zone.
 */
final class Broker implements AutoCloseable {

    static final String CLIENTS = "PLAINTEXT";
    static final String PEERS = "PEERS";
    static final String CONTROLLER = "CONTROLLER";

    private final int number;
    private final Path logDir;
    private final Path log;
    private final Path settingsFile;
    private final Listener clients;
    private final Listener controller;
    private final List<TcpProxy> peerLinks;
    private final List<TcpProxy> zoneLinks;
    private volatile Optional<Running> process = Optional.empty();

    Broker(int number, Options options) {
        this.number = number;
        String suffix = number == 0 ? "" : "-" + (number + 1);
        Path parent = options.brokerFolders().getOrDefault(number, options.data());
        this.logDir = parent.resolve("kafka" + suffix);
        this.log = options.data().resolve("logs").resolve("broker" + suffix + ".log");
        this.settingsFile = options.data().resolve("server" + suffix + ".properties");
        this.clients = Listener.direct(CLIENTS, Ports.choose("Kafka broker", number == 0 ? options.brokerPort() : 0));
        int controllerPort = Ports.choose("Kafka controller", 0);
        if (options.brokers() == 1 && options.zones().isEmpty()) {
            this.controller = Listener.direct(CONTROLLER, controllerPort);
            this.peerLinks = List.of();
            this.zoneLinks = List.of();
        } else {
            TcpProxy controllerLink = TcpProxy.to(controllerPort);
            this.controller = Listener.behind(controllerLink, CONTROLLER);
            this.peerLinks = List.of(TcpProxy.to(Ports.choose("Kafka broker for its peers", 0)), controllerLink);
            this.zoneLinks = options.zones().stream()
                    .map(zone -> TcpProxy.to(Ports.choose("Kafka broker for " + zone, 0)))
                    .toList();
        }
    }

    int number() {
        return number;
    }

    /** Its id in the cluster. */
    int id() {
        return number + 1;
    }

    Path logDir() {
        return logDir;
    }

    Path log() {
        return log;
    }

    Path settingsFile() {
        return settingsFile;
    }

    Listener clients() {
        return clients;
    }

    Listener controller() {
        return controller;
    }

    /** What others than clients use: the other brokers, then their controllers; empty without links. */
    List<TcpProxy> peerLinks() {
        return peerLinks;
    }

    /** In the order of the zones. */
    List<TcpProxy> zoneLinks() {
        return zoneLinks;
    }

    /** All that it has, the controller's last. */
    List<Listener> listeners() {
        List<Listener> all = new ArrayList<>(List.of(clients));
        if (!peerLinks.isEmpty()) {
            all.add(Listener.behind(peerLinks.getFirst(), PEERS));
        }
        for (int zone = 0; zone < zoneLinks.size(); zone++) {
            all.add(Listener.behind(zoneLinks.get(zone), "ZONE" + zone));
        }
        all.add(controller);
        return all;
    }

    /** The last one that was started. */
    Optional<Running> process() {
        return process;
    }

    void runsAs(Running running) {
        process = Optional.of(running);
    }

    boolean isAlive() {
        return process.filter(Running::isAlive).isPresent();
    }

    /** Closes the links; the process is ended before. */
    @Override
    public void close() {
        Stream.concat(peerLinks.stream(), zoneLinks.stream()).forEach(TcpProxy::close);
    }
}
