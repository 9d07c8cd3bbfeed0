/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Lets one line a second through for each kind of event, so that a flood of bad records does not flood the log. */
final class LogThrottle {

    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Map<String, Turn> turns = new HashMap<>();

    private static final class Turn {
        private long next = System.nanoTime();
        private long unsaid;
    }

    /** The number of lines that were held back since the last one; empty if this one is to be held back, too. */
    OptionalLong allow(String kind) {
        Turn turn = turns.computeIfAbsent(kind, first -> new Turn());
        long now = System.nanoTime();
        if (now - turn.next < 0) {
            turn.unsaid++;
            return OptionalLong.empty();
        }
        long unsaid = turn.unsaid;
        turn.next = now + PAUSE_NANOS;
        turn.unsaid = 0;
        return OptionalLong.of(unsaid);
    }
}
