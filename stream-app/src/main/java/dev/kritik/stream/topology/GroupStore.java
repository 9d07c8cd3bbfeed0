/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
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
        return List.of(
                // Most entries change again within a moment, as the members of a group come together: only how they
                // stand at the next commit is written. What came and went by then is never written as it was.
                builder(GROUPS).withCachingEnabled(),
                builder(BODIES).withCachingEnabled(),
                builder(SAMPLES).withCachingEnabled(),
                // Looked through in order: that a cache would slow down.
                builder(DEADLINES).withCachingDisabled());
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
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
            drop(groups, key);
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
        drop(bodies, StoreKeys.query(id));
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

    /** Drops everything of a group but where it stands: before its last step, and now that it is closed. */
    void dropEntries(GroupId id, GroupState before, GroupState.Closed after) {
        after.known().list().forEach(index -> drop(bodies, StoreKeys.member(id, index)));
        dropIfThere(bodies, StoreKeys.query(id));
        dropIfThere(bodies, StoreKeys.trace(id));
        sampleKeys(id, before).forEach(key -> dropIfThere(samples, key));
    }

    /** Keys of all critiques that were asked for, by sample and panel. */
    private static List<Bytes> sampleKeys(GroupId id, GroupState state) {
        List<Bytes> keys = new ArrayList<>();
        if (state instanceof GroupState.Judging group) {
            for (int sample = 0; sample < group.asked(); sample++) {
                for (int panel = 0; panel < group.panels(); panel++) {
                    keys.add(StoreKeys.sample(id, sample, panel));
                }
            }
        }
        return keys;
    }

    /** Unlike delete, this does not read what it drops. */
    private static void drop(KeyValueStore<Bytes, byte[]> store, Bytes key) {
        store.put(key, null);
    }

    /** For what is often not there: a deletion costs a record on the changelog topic, too. */
    private static void dropIfThere(KeyValueStore<Bytes, byte[]> store, Bytes key) {
        if (store.get(key) != null) {
            drop(store, key);
        }
    }

    /** What is kept of a group that stands there. */
    Entries entries(GroupId id, GroupState state) {
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
                for (Bytes key : sampleKeys(id, state)) {
                    byte[] bytes = samples.get(key);
                    if (bytes != null) {
                        all.add(codec.sample(bytes));
                    }
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
}
