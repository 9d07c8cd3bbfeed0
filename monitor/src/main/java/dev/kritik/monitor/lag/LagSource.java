/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import java.util.List;

/** Knows how far groups are behind. */
@FunctionalInterface
public interface LagSource {

    /**
     * The lag of all groups, by group, topic and partition; asks the brokers, which may take seconds.
     *
     * @throws RuntimeException if they don't answer
     */
    List<PartitionLag> read();
}
