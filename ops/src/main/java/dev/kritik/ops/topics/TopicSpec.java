/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as it should be.
 *
 * @param name its name
 * @param partitions how many partitions
 * @param replication copies of each; -1 = the broker's default
 * @param settings topic settings by name, only those that we have an opinion on
 */
public record TopicSpec(String name, int partitions, short replication, Map<String, String> settings) {

    public TopicSpec {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    TopicSpec withPartitions(int number) {
        return new TopicSpec(name, number, replication, settings);
    }
}
