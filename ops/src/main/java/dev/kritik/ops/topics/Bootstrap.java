/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.common.KafkaException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.kritik.ops.topics.Finding.State;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.WorkerConfig;

/**
 * Brings a cluster to where Kritik can run on it, or looks whether it is there: topics, the settings of the workers'
 * share group, schemas. Only ever makes what is missing: nothing that exists is changed or deleted, so that it may run
 * again at any time. Each thing is looked at on its own: what is not allowed or fails stops none of the others.
 */
public final class Bootstrap {

    /** How far to go. */
    public enum Mode {
        /** Look only. */
        CHECK,
        /** Look, and say what would be made. */
        DRY_RUN,
        /** Make what is missing. */
        CREATE
    }

    private final Map<String, String> config;
    private final Mode mode;
    private final List<Finding> findings = new ArrayList<>();

    private Bootstrap(Map<String, String> config, Mode mode) {
        this.config = config;
        this.mode = mode;
    }

    /**
     * Goes through everything.
     *
     * @param config all configuration: {@code kafka.*}, {@code topics.*}, {@code worker.group}, {@code acl.*}, {@code registry.*}
     * @return what was found and made; {@link State#good()} tells whether all is well
     * @throws dev.kritik.schema.config.ConfigError if a key is wrong
     * @throws KafkaException if the cluster can't be reached
     */
    public static List<Finding> run(Map<String, String> config, Mode mode) {
        Bootstrap bootstrap = new Bootstrap(config, mode);
        bootstrap.kafka();
        bootstrap.findings.addAll(new SchemaBootstrap(config, mode).run());
        return List.copyOf(bootstrap.findings);
    }

    private void kafka() {
        TopicsConfig wanted = TopicsConfig.from(config);
        KafkaSettings kafka = KafkaSettings.from(config);
        Topics names = kafka.topics();
        try (Cluster cluster = new Cluster(kafka.client())) {
            Broker broker = cluster.broker();
            Blueprint blueprint = Blueprint.of(wanted, names, broker);
            TopicBootstrap topics = new TopicBootstrap(cluster, names, mode);
            for (TopicSpec spec : blueprint.topics()) {
                attempt("topic " + spec.name(), () -> topics.topic(spec));
            }
            topics.samePartitions().ifPresent(findings::add);
            group(cluster, broker, names, blueprint.group());
            findings.addAll(new AclBootstrap(config, cluster, broker, mode).run());
        }
    }

    private void group(Cluster cluster, Broker broker, Topics names, Map<String, String> wanted) {
        String name = WorkerConfig.from(config).settings().group();
        String thing = "group " + name;
        if (!broker.shareGroups()) {
            findings.add(new Finding(
                    thing, State.NOTE, "this cluster has no share groups (Kafka 4.2); workers use a consumer group"));
            return;
        }
        attempt(thing, () -> settings(cluster, name, wanted));
        if (broker.deadLetterQueue(names.deadLetters()).isEmpty()) {
            findings.add(new Finding(
                    thing,
                    State.NOTE,
                    "this cluster has no dead-letter queues for share groups (Kafka 4.4, share.version=2): the worker"
                            + " answers for a request at its last delivery instead"));
        }
    }

    private Finding settings(Cluster cluster, String name, Map<String, String> wanted) {
        Map<String, String> found = cluster.group(name);
        Map<String, String> missing = new TreeMap<>(wanted);
        missing.keySet().removeAll(found.keySet());
        List<String> differences = wanted.keySet().stream()
                .filter(key -> found.containsKey(key) && !wanted.get(key).equals(found.get(key)))
                .map(key -> key + ": " + found.get(key) + " instead of " + wanted.get(key))
                .toList();
        String thing = "group " + name;
        Finding made = missing.isEmpty()
                ? new Finding(thing, State.OK, wanted.size() + " settings")
                : make(thing, missing.toString(), () -> cluster.setGroup(name, missing));
        return differences.isEmpty() ? made : new Finding(thing, State.DIFFERS, String.join("; ", differences));
    }

    private Finding make(String thing, String what, Runnable work) {
        return make(mode, thing, what, work);
    }

    /** Does the work or not, as the mode says. */
    static Finding make(Mode mode, String thing, String what, Runnable work) {
        return switch (mode) {
            case CHECK -> new Finding(thing, State.MISSING, what + "; 'kritik topics create' makes it");
            case DRY_RUN -> new Finding(thing, State.WOULD_CREATE, what);
            case CREATE -> {
                work.run();
                yield new Finding(thing, State.CREATED, what);
            }
        };
    }

    private void attempt(String thing, Supplier<Finding> work) {
        findings.add(attempted(thing, work));
    }

    /** The finding, also where looking or making is refused or fails. */
    static Finding attempted(String thing, Supplier<Finding> work) {
        try {
            return work.get();
        } catch (Cluster.DeniedException e) {
            return new Finding(thing, State.DENIED, e.getMessage());
        } catch (KafkaException e) {
            return new Finding(thing, State.FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
