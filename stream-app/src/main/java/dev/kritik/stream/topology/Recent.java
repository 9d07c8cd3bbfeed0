/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.kritik.stream.core.GroupId;

/**
 * Which entries that a group may have or lack are there, of groups that came up here lately. RocksDB is slowest to tell that
 * something is not there, several microseconds, and of a critique that comes that is so nearly always. Knows nothing of groups
 * from before a restart, and forgets the oldest where there are very many: then the store is asked.
 */
final class Recent {

    /** Some hundred bytes each. */
    private static final int MOST = 10_000;

    private final Map<GroupId, Entries> groups = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupId, Entries> eldest) {
            return size() > MOST;
        }
    };

    /** Of one group. */
    static final class Entries {

        private boolean trace;

        /** One bit for each critique that may be asked for. */
        private final BitSet samples = new BitSet();

        boolean hasTrace() {
            return trace;
        }

        void keepTrace() {
            trace = true;
        }

        boolean hasSample(int number) {
            return samples.get(number);
        }

        void keepSample(int number) {
            samples.set(number);
        }
    }

    /** A group has no entry at all. */
    void isNew(GroupId id) {
        groups.put(id, new Entries());
    }

    /** What is known of a group; null for nothing. */
    Entries of(GroupId id) {
        return groups.get(id);
    }

    void forget(GroupId id) {
        groups.remove(id);
    }
}
