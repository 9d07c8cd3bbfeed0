/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

/**
 * A record that was sent to the topic of rollouts, and what became of the sending, as the ledger has it.
 *
 * @param sentMs when it was handed to the producer, in epoch milliseconds
 * @param rollout which member of which group; null for raw bytes
 * @param hash {@link Fingerprint} of the value as it went out
 * @param why what raw bytes are for; null for a rollout
 * @param state what is known of it
 * @param answeredMs when the answer came, in epoch milliseconds; 0 while in doubt
 * @param partition on which it stands; -1 unless acknowledged
 * @param offset at which it stands; -1 unless acknowledged
 * @param error why it failed; null unless it did
 */
public record Send(
        long sentMs,
        Member rollout,
        long hash,
        String why,
        State state,
        long answeredMs,
        int partition,
        long offset,
        String error) {

    /** What is known of a sending. */
    public enum State {
        /** No answer stands in the ledger: the record may be there or not. */
        IN_DOUBT,
        /** The brokers have it. */
        ACKNOWLEDGED,
        /** The producer gave up: after a time-out the record may be there all the same. */
        FAILED
    }

    /**
     * Identity of a rollout.
     *
     * @param deadlineMs as the rollout says; null when it says none
     */
    public record Member(String job, String group, int attempt, int index, int size, Long deadlineMs) {}

    /** One of which nothing is known yet. */
    public static Send begun(long sentMs, Member rollout, long hash, String why) {
        return new Send(sentMs, rollout, hash, why, State.IN_DOUBT, 0, -1, -1, null);
    }

    /** The same when the brokers have it. */
    public Send acknowledged(long nowMs, int at, long place) {
        return new Send(sentMs, rollout, hash, why, State.ACKNOWLEDGED, nowMs, at, place, null);
    }

    /** The same when the producer gave it up. */
    public Send failed(long nowMs, String reason) {
        return new Send(sentMs, rollout, hash, why, State.FAILED, nowMs, -1, -1, reason);
    }
}
