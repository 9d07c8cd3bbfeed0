/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Gets single records of some partitions: seeks to each, and takes what lies together in one go. For one use. */
final class Fetch {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long TIME_MS = 5_000;
    private static final long MOST_BYTES = 32L << 20;

    /** As many records may lie in between: reading them is quicker than asking anew. */
    private static final long NEAR = 200;

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, TreeSet<Long>> left = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    private long bytes;

    Fetch(Consumer<byte[], byte[]> consumer, Map<TopicPartition, List<Long>> wanted) {
        this.consumer = consumer;
        wanted.forEach((partition, offsets) -> left.put(partition, new TreeSet<>(offsets)));
    }

    /** Those that are there, in the order of each partition; fewer if time or bytes are used up. */
    List<ConsumerRecord<byte[], byte[]>> run() {
        long end = System.nanoTime() + TIME_MS * 1_000_000;
        consumer.assign(left.keySet());
        left.forEach((partition, offsets) -> consumer.seek(partition, offsets.first()));
        while (!left.isEmpty() && bytes < MOST_BYTES && System.nanoTime() < end) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            } catch (OffsetOutOfRangeException e) {
                consumer.seekToBeginning(e.partitions()); // retention has deleted some
            }
            goOn();
        }
        consumer.unsubscribe();
        return found;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TreeSet<Long> offsets = left.get(new TopicPartition(record.topic(), record.partition()));
        if (offsets != null && offsets.remove(record.offset())) {
            found.add(record);
            bytes += Math.max(0, record.serializedValueSize());
        }
    }

    private void goOn() {
        for (TopicPartition partition : List.copyOf(left.keySet())) {
            TreeSet<Long> offsets = left.get(partition);
            long position = consumer.position(partition);
            offsets.headSet(position).clear(); // passed by, and not there
            if (offsets.isEmpty()) {
                left.remove(partition);
                consumer.pause(List.of(partition));
            } else if (offsets.first() - position > NEAR) {
                consumer.seek(partition, offsets.first());
            }
        }
    }
}
