/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far a group is behind one partition.
 *
 * @param group its id
 * @param kind what it is
 * @param topic whose partition
 * @param partition which
 * @param position the next offset of a consumer group; of a share group its start, before which all is settled (the broker moves it late); empty where the
 *     group has none
 * @param end the offset after the last record that may be read (committed transactions)
 * @param records how many are not read, or not settled, yet; as the broker's own tools count; empty where the broker does not
 *     know
 * @param seconds age of the oldest of them that may be read (committed transactions); 0 where there is none; empty where it is
 *     not known
 */
public record PartitionLag(
        String group,
        Kind kind,
        String topic,
        int partition,
        OptionalLong position,
        long end,
        OptionalLong records,
        OptionalDouble seconds) {

    /** What sort of group reads. */
    public enum Kind {
        /** Partitions are shared out among members (also Kafka Streams). */
        CONSUMER,
        /** Records are shared out among members (KIP-932). */
        SHARE
    }
}
