/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.kritik.stream.core.GroupId;

/**
 * What is due when: one entry for each group, ordered by time. Keys are a byte for the kind, the time in 8 bytes
 * (big-endian), and the group. For the thread of its task.
 *
 * <p>Entries that were taken leave marks that a store has to step over until it is compacted, so each search begins where
 * the last one ended, not at the beginning.
 */
final class DeadlineQueue {

    private static final int GROUP_AT = 1 + Long.BYTES;
    private static final byte[] NOTHING = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final byte kind;
    private long searchedTo;

    /** What is due: the group, and the time that stands in the queue for it. */
    record Due(long timeMs, GroupId id) {}

    DeadlineQueue(KeyValueStore<Bytes, byte[]> store, byte kind) {
        this.store = store;
        this.kind = kind;
    }

    void put(long timeMs, GroupId id) {
        searchedTo = Math.min(searchedTo, timeMs);
        store.put(key(timeMs, StoreKeys.group(id)), NOTHING);
    }

    void remove(long timeMs, GroupId id) {
        store.put(key(timeMs, StoreKeys.group(id)), null); // delete would read it first
    }

    /** Up to {@code limit} of what is due by {@code nowMs}, earliest first. It stays in the queue until removed. */
    List<Due> due(long nowMs, int limit) {
        List<Due> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(key(searchedTo, NOTHING), key(nowMs + 1, NOTHING))) {
            while (due.size() < limit && entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                byte[] key = entry.key.get();
                long time = ByteBuffer.wrap(key).getLong(1);
                if (time > nowMs) {
                    break;
                }
                due.add(new Due(time, StoreKeys.parse(key, GROUP_AT)));
            }
        }
        searchedTo =
                due.isEmpty() ? Math.max(searchedTo, nowMs) : due.getFirst().timeMs();
        return due;
    }

    /** All groups in the queue, by going through it. */
    void forEach(Consumer<GroupId> reader) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(key(0, NOTHING), key(Long.MAX_VALUE, NOTHING))) {
            while (entries.hasNext()) {
                reader.accept(StoreKeys.parse(entries.next().key.get(), GROUP_AT));
            }
        }
    }

    private Bytes key(long timeMs, byte[] group) {
        return Bytes.wrap(ByteBuffer.allocate(GROUP_AT + group.length)
                .put(kind)
                .putLong(timeMs)
                .put(group)
                .array());
    }
}
