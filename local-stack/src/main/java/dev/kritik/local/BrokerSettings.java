/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The server properties of the single broker; pure. */
final class BrokerSettings {

    private BrokerSettings() {}

    static Map<String, String> of(Path logDir, int port, int controllerPort, Map<String, String> above) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("log.dirs", logDir.toString());
        // A static voter list is read anew at each start, so that old data run on new ports.
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        // One broker can't hold the three copies that Kafka asks for by default; share groups would never start.
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("default.replication.factor", "1");
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
}
