/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The server properties of a broker; pure. */
final class BrokerSettings {

    private static final int COPIES = 3;

    private BrokerSettings() {}

    /**
     * Of one broker.
     *
     * @param all the brokers of its stack
     * @param above stands above our own
     */
    static Map<String, String> of(Broker broker, List<Broker> all, Map<String, String> above) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(broker.id()));
        settings.put("log.dirs", broker.logDir().toString());
        // A static voter list is read anew at each start, so that old data run on new ports.
        settings.put(
                "controller.quorum.voters",
                all.stream()
                        .map(one -> one.id() + "@127.0.0.1:" + one.controller().advertised())
                        .collect(Collectors.joining(",")));
        settings.put(
                "listeners", broker.listeners().stream().map(Listener::bound).collect(Collectors.joining(",")));
        settings.put("controller.listener.names", Broker.CONTROLLER);
        if (broker.peerLinks().isEmpty()) {
            settings.put("advertised.listeners", broker.clients().told());
            settings.put("inter.broker.listener.name", Broker.CLIENTS);
        } else {
            settings.putAll(links(broker));
        }
        settings.putAll(copies(all.size()));
        if (all.size() > 1) {
            settings.putAll(failover());
        }
        // Fifty partitions each, the default, cost seconds at the first use and at each start.
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.num.partitions", "4");
        // Nobody else is expected to join a group while it starts.
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A slot of a worker is a share consumer; the most that Kafka allows.
        settings.put("group.share.max.size", "1000");
        // A member gets its partitions with its second heartbeat: by default a worker's first work would wait for 5 s.
        settings.put("group.share.min.heartbeat.interval.ms", "500");
        settings.put("group.share.heartbeat.interval.ms", "500");
        // Topics come from the bootstrap, with their settings; a typing error must not make one.
        settings.put("auto.create.topics.enable", "false");
        // Changelogs that Kafka Streams makes for itself hold records as large as those of Kritik's topics (16 MiB).
        settings.put("message.max.bytes", Integer.toString(17 * 1024 * 1024));
        // The default, "dlq.", would keep share groups from Kritik's one topic for dead letters.
        settings.put("errors.deadletterqueue.topic.name.prefix", "");
        settings.putAll(above);
        return settings;
    }

    /** Each is told the port of the link; the controller's too, or others would learn of its own port from the leader. */
    private static Map<String, String> links(Broker broker) {
        List<Listener> listeners = broker.listeners();
        return Map.of(
                "advertised.listeners",
                listeners.stream().map(Listener::told).collect(Collectors.joining(",")),
                "listener.security.protocol.map",
                listeners.stream()
                        .map(listener -> listener.name() + ":PLAINTEXT")
                        .collect(Collectors.joining(",")),
                "inter.broker.listener.name",
                Broker.PEERS);
    }

    /** Few brokers can't hold the three copies that Kafka asks for by default; share groups would never start. */
    private static Map<String, String> copies(int brokers) {
        String copies = Integer.toString(Math.min(COPIES, brokers));
        String written = brokers >= COPIES ? "2" : "1";
        Map<String, String> settings = new TreeMap<>();
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", copies);
        }
        settings.put("transaction.state.log.min.isr", written);
        settings.put("share.coordinator.state.topic.min.isr", written);
        settings.put("default.replication.factor", copies);
        if (brokers >= COPIES) {
            settings.put("min.insync.replicas", written); // one may be lost, and what was acknowledged is still there
        }
        return settings;
    }

    /**
     * A broker that was killed is replaced when its session ends: by default after 9 s, which alone would use up what a reader
     * of Kritik's rewards is promised. Five heartbeats may still be lost on a machine that is busy with other things.
     */
    private static Map<String, String> failover() {
        return Map.of(
                "broker.session.timeout.ms", "4000",
                "broker.heartbeat.interval.ms", "800",
                // A copy that can't follow holds up each write until it is left out; 30 s by default, the time that
                // clients wait.
                "replica.lag.time.max.ms", "10000");
    }
}
