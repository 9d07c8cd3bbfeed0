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
    private final Recent recent = new Recent();

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
        GroupState state = codec.state(groups.get(Bytes.wrap(StoreKeys.group(id))));
        if (state instanceof GroupState.Absent) {
            recent.isNew(id);
        }
        return state;
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
        Recent.Entries known = recent.of(id);
        if (known != null) {
            known.keepTrace();
        }
    }

    Optional<TraceContext> trace(GroupId id) {
        Recent.Entries known = recent.of(id);
        return known != null && !known.hasTrace() ? Optional.empty() : codec.trace(bodies.get(StoreKeys.trace(id)));
    }

    /** Keeps a member with its text; null for none. */
    void keepMember(GroupId id, Member member, String text) {
        bodies.put(StoreKeys.member(id, member.index()), codec.write(member, text));
    }

    String text(GroupId id, int index) {
        return codec.text(bodies.get(StoreKeys.member(id, index)));
    }

    /** Keeps a critique of a group that is judged. */
    void keepSample(GroupId id, GroupState.Judging group, Sample sample) {
        samples.put(StoreKeys.sample(id, sample.sample(), sample.panel()), codec.write(sample));
        Recent.Entries known = recent.of(id);
        if (known != null) {
            known.keepSample(number(group, sample.sample(), sample.panel()));
        }
    }

    private boolean hasSample(GroupId id, GroupState.Judging group, int sample, int panel) {
        Recent.Entries known = recent.of(id);
        return known == null
                ? samples.get(StoreKeys.sample(id, sample, panel)) != null
                : known.hasSample(number(group, sample, panel));
    }

    /** Of a critique, among all that may be asked for. */
    private static int number(GroupState.Judging group, int sample, int panel) {
        return sample * group.panels() + panel;
    }

    /** Keeps what has been learned of the judges. */
    void keepExperience(Experience experience) {
        groups.put(StoreKeys.experience(), codec.write(experience));
    }

    /** Drops everything of a group but where it stands: before its last step, and now that it is closed. */
    void dropEntries(GroupId id, GroupState before, GroupState.Closed after) {
        after.known().list().forEach(index -> drop(bodies, StoreKeys.member(id, index)));
        Recent.Entries known = recent.of(id);
        boolean allAsked = before instanceof GroupState.Judging group && !group.canAskMore();
        if (known == null || !allAsked) {
            dropIfThere(bodies, StoreKeys.query(id));
        }
        if (known == null || known.hasTrace()) {
            dropIfThere(bodies, StoreKeys.trace(id));
        }
        for (Bytes key : sampleKeys(id, before)) {
            if (known == null) {
                dropIfThere(samples, key);
            } else {
                drop(samples, key);
            }
        }
        recent.forget(id);
    }

    /** Keys of critiques, by sample and panel: of those that are there, if that is known, else of all that were asked for. */
    private List<Bytes> sampleKeys(GroupId id, GroupState state) {
        List<Bytes> keys = new ArrayList<>();
        if (state instanceof GroupState.Judging group) {
            Recent.Entries known = recent.of(id);
            for (int sample = 0; sample < group.asked(); sample++) {
                for (int panel = 0; panel < group.panels(); panel++) {
                    if (known == null || known.hasSample(number(group, sample, panel))) {
                        keys.add(StoreKeys.sample(id, sample, panel));
                    }
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
                return state instanceof GroupState.Judging group && GroupStore.this.hasSample(id, group, sample, panel);
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
