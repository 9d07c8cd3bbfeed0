/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.common.TopicPartition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import dev.kritik.monitor.lag.LagReport.Ends;
import dev.kritik.monitor.lag.PartitionLag.Kind;

/**
 * Remembers up to where share groups had settled everything. A broker counts a settled record at once, but goes on naming it
 * as the group's start until the next settlement; after a pause of an hour the first new record would so seem to have waited
 * for an hour. Of one thread.
 */
final class Settled {

    private record Place(String group, TopicPartition partition) {}

    private final Map<Place, Long> before = new HashMap<>();
    private final Map<TopicPartition, Long> written = new HashMap<>();

    /** Takes in what one look has found: groups first, then ends. */
    void look(List<GroupPositions> groups, Map<TopicPartition, Ends> ends) {
        for (GroupPositions group : groups) {
            if (group.group().kind() == Kind.SHARE) {
                group.positions().forEach((partition, position) -> {
                    if (position.lag().equals(OptionalLong.of(0)) && written.containsKey(partition)) {
                        // What was written by the look before was there when the broker counted none.
                        before.put(new Place(group.group().id(), partition), written.get(partition));
                    }
                });
            }
        }
        written.clear();
        ends.forEach((partition, end) -> written.put(partition, end.written()));
        // A topic that was made anew begins again at 0.
        before.entrySet()
                .removeIf(place -> !written.containsKey(place.getKey().partition())
                        || written.get(place.getKey().partition()) < place.getValue());
    }

    /** The offset before which the group has settled everything, as far as is known; 0 for nothing. */
    long before(String group, Kind kind, TopicPartition partition) {
        return kind == Kind.SHARE ? before.getOrDefault(new Place(group, partition), 0L) : 0L;
    }
}
