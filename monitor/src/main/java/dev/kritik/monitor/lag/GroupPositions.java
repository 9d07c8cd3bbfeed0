/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.common.TopicPartition;

import java.util.Map;
import java.util.OptionalLong;

import dev.kritik.monitor.lag.LagReport.Group;

/**
 * A group and where it stands.
 *
 * @param group who
 * @param positions of the partitions that it has read, or that its members have been given
 */
record GroupPositions(Group group, Map<TopicPartition, Position> positions) {

    /**
     * Where a group stands in a partition.
     *
     * @param offset the committed offset, or the first one that is not settled; empty where there is none yet
     * @param lag as the broker counts it; empty where the broker does not
     */
    record Position(OptionalLong offset, OptionalLong lag) {

        static final Position NONE = new Position(OptionalLong.empty(), OptionalLong.empty());
    }
}
