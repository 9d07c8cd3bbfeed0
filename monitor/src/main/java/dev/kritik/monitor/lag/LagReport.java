/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

import dev.kritik.monitor.lag.PartitionLag.Kind;

/**
 * What one look at the brokers has found. Whatever could not be read is missing here and named in {@link #problems}.
 *
 * @param at when the look began
 * @param lags by group, topic and partition
 * @param groups those groups, by name
 * @param ends of the installation's topics, by topic and partition
 * @param problems what could not be read and why, a sentence each
 */
public record LagReport(
        Instant at, List<PartitionLag> lags, List<Group> groups, List<Ends> ends, List<String> problems) {

    /**
     * A group that reads topics of the installation.
     *
     * @param id its name
     * @param kind what it is
     * @param state as Kafka calls it, such as {@code Stable} or {@code Empty}
     * @param members how many take part now; empty where it is not known
     */
    public record Group(String id, Kind kind, String state, OptionalInt members) {}

    /**
     * Where a partition begins and ends.
     *
     * @param topic whose partition
     * @param partition which
     * @param begin the first offset that is still kept
     * @param end the offset after the last record that may be read (committed transactions): the last stable offset
     * @param written the offset after the last record that is safely written, those of open transactions too: the high
     *     watermark; never less than {@code end}
     */
    public record Ends(String topic, int partition, long begin, long end, long written) {}

    public LagReport {
        lags = List.copyOf(lags);
        groups = List.copyOf(groups);
        ends = List.copyOf(ends);
        problems = List.copyOf(problems);
    }
}
