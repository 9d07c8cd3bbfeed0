/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.kritik.schema.TraceContext;
import dev.kritik.stream.core.Entries;
import dev.kritik.stream.core.GroupId;
import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.Member;
import dev.kritik.stream.core.Sample;
import dev.kritik.stream.core.jury.Experience;

/**
 * What a task keeps of its groups, in four stores: where each group stands, its conversation and members, its critiques,
 * and what is due when. One entry for each item: nothing grows with use, and no entry outgrows a record of a changelog
 * topic. For the thread of the task.
 */
final class GroupStore {

    static final String GROUPS = "groups";
    static final String BODIES = "bodies";
    static final String SAMPLES = "samples";
    static final String DEADLINES = "deadlines";

    private final StateCodec codec = new StateCodec();
    private final KeyValueStore<Bytes, byte[]> groups;
    private final KeyValueStore<Bytes, byte[]> bodies;
    private final KeyValueStore<Bytes, byte[]> samples;
    private final DeadlineQueue deadlines;
    private final DeadlineQueue expiries;

    /** @param stores gives the store of a name */
    GroupStore(Function<String, KeyValueStore<Bytes, byte[]>> stores) {
        this.groups = stores.apply(GROUPS);
        this.bodies = stores.apply(BODIES);
        this.samples = stores.apply(SAMPLES);
        KeyValueStore<Bytes, byte[]> queue = stores.apply(DEADLINES);
        this.deadlines = new DeadlineQueue(queue, (byte) 0);
        this.expiries = new DeadlineQueue(queue, (byte) 1);
    }

    /** The stores that a topology needs, by RocksDB, each with a changelog topic. */
    static List<StoreBuilder<KeyValueStore<Bytes, byte[]>>> builders() {
        List<StoreBuilder<KeyValueStore<Bytes, byte[]>>> builders = new ArrayList<>();
        for (String name : List.of(GROUPS, BODIES, SAMPLES, DEADLINES)) {
            builders.add(Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                    // Each entry is written once or twice and read soon after, out of RocksDB's memory: a cache in
                    // front would help nothing, and slow down the range scans.
                    .withCachingDisabled());
        }
        return builders;
    }

    GroupState state(GroupId id) {
        return codec.state(groups.get(Bytes.wrap(StoreKeys.group(id))));
    }

    /** Keeps where a group stands now, and rings its bell at the new time instead of the old. */
    void move(GroupId id, GroupState before, GroupState after) {
        if (after.equals(before)) {
            return;
        }
        Bytes key = Bytes.wrap(StoreKeys.group(id));
        boolean wasKept = !(before instanceof GroupState.Absent);
        boolean isKept = !(after instanceof GroupState.Absent);
        if (isKept) {
            groups.put(key, codec.write(after));
        } else {
            groups.delete(key);
        }
        if (wasKept && isKept && before.wakeMs() == after.wakeMs() && queue(before) == queue(after)) {
            return;
        }
        if (wasKept) {
            queue(before).remove(before.wakeMs(), id);
        }
        if (isKept) {
            queue(after).put(after.wakeMs(), id);
        }
    }

    /** Deadlines of open groups. */
    DeadlineQueue deadlines() {
        return deadlines;
    }

    /** When closed groups are to be forgotten. */
    DeadlineQueue expiries() {
        return expiries;
    }

    void keepQuery(GroupId id, Query query) {
        bodies.put(StoreKeys.query(id), codec.write(query));
    }

    Query query(GroupId id) {
        return codec.query(bodies.get(StoreKeys.query(id)));
    }

    void dropQuery(GroupId id) {
        bodies.delete(StoreKeys.query(id));
    }

    /** Keeps the trace to which a group belongs; an entry of its own, for most groups belong to none. */
    void keepTrace(GroupId id, TraceContext trace) {
        bodies.put(StoreKeys.trace(id), codec.write(trace));
    }

    Optional<TraceContext> trace(GroupId id) {
        return codec.trace(bodies.get(StoreKeys.trace(id)));
    }

    /** Keeps a member with its text; null for none. */
    void keepMember(GroupId id, Member member, String text) {
        bodies.put(StoreKeys.member(id, member.index()), codec.write(member, text));
    }

    String text(GroupId id, int index) {
        return codec.text(bodies.get(StoreKeys.member(id, index)));
    }

    void keepSample(GroupId id, Sample sample) {
        samples.put(StoreKeys.sample(id, sample.sample(), sample.panel()), codec.write(sample));
    }

    /** Keeps what has been learned of the judges. */
    void keepExperience(Experience experience) {
        groups.put(StoreKeys.experience(), codec.write(experience));
    }

    /** Drops everything of a group but where it stands. */
    void dropEntries(GroupId id) {
        dropRange(bodies, StoreKeys.member(id, 0), StoreKeys.end(id));
        dropRange(samples, StoreKeys.sample(id, 0, 0), StoreKeys.end(id));
    }

    Entries entries(GroupId id) {
        return new Entries() {
            @Override
            public Member member(int index) {
                byte[] bytes = bodies.get(StoreKeys.member(id, index));
                return bytes == null ? null : codec.member(index, bytes);
            }

            @Override
            public boolean hasSample(int panel, int sample) {
                return samples.get(StoreKeys.sample(id, sample, panel)) != null;
            }

            @Override
            public List<Sample> samples() {
                List<Sample> all = new ArrayList<>();
                try (var entries = samples.range(StoreKeys.sample(id, 0, 0), StoreKeys.end(id))) {
                    entries.forEachRemaining(entry -> all.add(codec.sample(entry.value)));
                }
                return all;
            }

            @Override
            public Experience experience() {
                return codec.experience(groups.get(StoreKeys.experience()));
            }
        };
    }

    private DeadlineQueue queue(GroupState state) {
        return state instanceof GroupState.Closed ? expiries : deadlines;
    }

    private static void dropRange(KeyValueStore<Bytes, byte[]> store, Bytes from, Bytes to) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, to)) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }
}
