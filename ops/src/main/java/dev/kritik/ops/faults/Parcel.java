/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;

/**
 * What is sent together: a group with what goes wrong with it, or a record that nobody can use.
 *
 * @param gateway whether it goes through the gateway, as one group; else to the topic
 * @param deadlineAfterMs the group's deadline, in milliseconds from the begin of the parcel; null: none of its own
 * @param postings in the order of their times
 */
public record Parcel(long number, boolean gateway, Long deadlineAfterMs, List<Posting> postings) {

    /** One record to be sent. */
    public sealed interface Posting {
        /** Milliseconds after the begin of the parcel. */
        long afterMs();
    }

    /**
     * A rollout, which may have a fault of its own.
     *
     * @param rollout without a deadline
     */
    public record Member(long afterMs, Rollout rollout) implements Posting {}

    /**
     * A rollout under a key that is not its own.
     *
     * @param key as text
     */
    public record Misaddressed(long afterMs, String key, Rollout rollout) implements Posting {

        byte[] keyBytes() {
            return key.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Bytes that are no rollout.
     *
     * @param key may be null
     * @param value may be null
     * @param why what is wrong with it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Raw(long afterMs, byte[] key, byte[] value, String why) implements Posting {}

    public Parcel {
        postings = List.copyOf(postings);
    }

    /** The rollout with the deadline of its group, and its key. */
    static Rollout due(Rollout rollout, Long deadlineMs) {
        if (deadlineMs == null) {
            return rollout;
        }
        return Rollout.newBuilder(rollout).setDeadlineMs(deadlineMs).build();
    }

    static String key(Rollout rollout) {
        return Keys.of(rollout.getJobId(), rollout.getGroupId());
    }
}
