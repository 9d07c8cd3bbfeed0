/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A topic as it is.
 *
 * @param partitions how many partitions
 * @param replication copies of the partition that has the fewest
 * @param settings all settings as they hold, wherever they come from
 */
record FoundTopic(int partitions, int replication, Map<String, String> settings) {

    /** What is otherwise than it should be, in words; empty when nothing is. */
    List<String> differences(TopicSpec wanted) {
        List<String> differences = new ArrayList<>();
        if (partitions != wanted.partitions()) {
            differences.add("partitions: " + partitions + " instead of " + wanted.partitions());
        }
        if (wanted.replication() > 0 && replication != wanted.replication()) {
            differences.add("replication: " + replication + " instead of " + wanted.replication());
        }
        wanted.settings().forEach((name, value) -> {
            String found = settings.get(name);
            if (!value.equals(found)) {
                differences.add(name + ": " + found + " instead of " + value);
            }
        });
        return differences;
    }
}
