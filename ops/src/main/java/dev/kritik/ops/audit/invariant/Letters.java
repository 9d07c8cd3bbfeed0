/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kritik.ops.audit.invariant.Seen.Letter;

/** The dead letters by what they are of, and which of them have found it. For one thread. */
final class Letters {

    private final Observation seen;
    private final Set<Place> used = new HashSet<>();

    Letters(Observation seen) {
        this.seen = seen;
    }

    /**
     * The dead letter of a record; null when there is none.
     *
     * @param hash of its value; {@link Fingerprint#NONE} when that is not known
     */
    Letter of(Place source, long hash) {
        List<Letter> all = seen.letters.get(source);
        if (all == null) {
            return null;
        }
        for (Letter letter : all) {
            if (hash == Fingerprint.NONE || letter.cut() || letter.hash() == hash) {
                used.add(source);
                return letter;
            }
        }
        return null;
    }

    boolean isUsed(Place source) {
        return used.contains(source);
    }
}
