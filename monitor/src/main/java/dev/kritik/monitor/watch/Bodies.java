/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;

/** Gets records by their places. Takes as long as the brokers do, within limits. */
public interface Bodies {

    /**
     * The records of a group.
     *
     * @param rollouts in the order of their index
     * @param critiques in the order of their offsets
     * @param reward null while there is none
     * @param missing how many were looked for and are not there any more, can't be read, or took too long
     * @param trace the W3C traceparent that one of the records carries; null where none does
     */
    record Group(List<Rollout> rollouts, List<Critique> critiques, GroupReward reward, int missing, String trace) {}

    /**
     * A dead letter with its bytes.
     *
     * @param headers names and values as text
     * @param key as text; null where there is none
     * @param value the bytes as they were read; null where there were none
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record DeadLetter(Map<String, String> headers, String key, byte[] value) {}

    /** Nothing can be fetched now; the message says why, and what to do. */
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The records of a group.
     *
     * @throws Unavailable if the brokers or the registry don't answer, or too many ask at once
     */
    Group group(GroupPlaces places);

    /**
     * A record of {@code dead-letters}; empty where it is not there any more.
     *
     * @throws Unavailable if the brokers don't answer, or too many ask at once
     */
    Optional<DeadLetter> deadLetter(Place place);
}
