/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.kritik.ops.topics.Finding.State;
import dev.kritik.schema.Topics;

/** The topics' part of the {@link Bootstrap}. Rollouts and critiques are joined, so they get the same number of partitions. */
final class TopicBootstrap {

    private final Cluster cluster;
    private final Topics names;
    private final Bootstrap.Mode mode;
    private final Map<String, Integer> partitions = new HashMap<>();

    TopicBootstrap(Cluster cluster, Topics names, Bootstrap.Mode mode) {
        this.cluster = cluster;
        this.names = names;
        this.mode = mode;
    }

    /** Looks at one topic, and makes it where it is missing and the mode says so. */
    Finding topic(TopicSpec spec) {
        Optional<FoundTopic> found = cluster.topic(spec.name());
        if (found.isPresent()) {
            return existing(spec, found.get());
        }
        TopicSpec fitting = partner(spec.name()).map(spec::withPartitions).orElse(spec);
        String what = fitting.partitions() + " partitions";
        if (fitting.partitions() != spec.partitions()) {
            what += " instead of " + spec.partitions() + ", as many as the other of " + names.rollouts() + " and "
                    + names.critiques() + " has";
        }
        if (mode == Bootstrap.Mode.CREATE && !cluster.create(fitting)) {
            return cluster.topic(spec.name())
                    .map(meanwhile -> existing(spec, meanwhile))
                    .orElseGet(() -> new Finding(
                            thing(spec),
                            State.FAILED,
                            "somebody else made it just now, and it can't be looked at yet; run this again"));
        }
        return Bootstrap.make(mode, thing(spec), what, () -> partitions.put(spec.name(), fitting.partitions()));
    }

    private Finding existing(TopicSpec spec, FoundTopic found) {
        partitions.put(spec.name(), found.partitions());
        List<String> differences = found.differences(spec);
        return differences.isEmpty()
                ? new Finding(thing(spec), State.OK, spec.partitions() + " partitions")
                : new Finding(thing(spec), State.DIFFERS, String.join("; ", differences));
    }

    /** How many partitions the topic has that this one is joined with; empty if there is none. */
    private Optional<Integer> partner(String name) {
        if (name.equals(names.rollouts())) {
            return cluster.partitions(names.critiques());
        }
        if (name.equals(names.critiques())) {
            // Rollouts came first; what we made just now a broker may not know yet.
            return Optional.ofNullable(partitions.get(names.rollouts())).or(() -> cluster.partitions(names.rollouts()));
        }
        return Optional.empty();
    }

    /** What is wrong between topics, after each was looked at. */
    Optional<Finding> samePartitions() {
        Integer rollouts = partitions.get(names.rollouts());
        Integer critiques = partitions.get(names.critiques());
        if (rollouts == null || critiques == null || Objects.equals(rollouts, critiques)) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                "topics " + names.rollouts() + " and " + names.critiques(),
                State.DIFFERS,
                rollouts + " partitions against " + critiques + ": they must have the same number, or groups never"
                        + " meet their critiques. Make the smaller one anew with as many as the other."));
    }

    private static String thing(TopicSpec spec) {
        return "topic " + spec.name();
    }
}
