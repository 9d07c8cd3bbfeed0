/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

/** What a reader of the topics may rely on. The page docs/audit.md says precisely what is compared. */
public enum Invariant {
    /**
     * Each record on {@code rollouts} is answered: its index stands in the terminal record of its group attempt, as what
     * became of it, or a dead letter names its offset; and what was acknowledged stands there.
     */
    I1("none lost"),
    /** At most one terminal record a group attempt, no index twice in it, no dead letter twice of what the stream application read. */
    I2("none twice"),
    /** Every record goes back to what was sent, or asked for. */
    I3("no orphan"),
    /** Closed within the deadline and slack, or the record says why not; and no deadline is claimed that had not come. */
    I4("deadline kept or said"),
    /** Rewards, counts, sums, spreads, ties and status follow from the votes, and each vote is the critique of its sample. */
    I5("recomputed"),
    /** A rollout is in one group, which has one size and one partition number. */
    I6("one membership"),
    /** Samples asked for, answered and counted are the same ones, and nothing was passed over before the group closed. */
    I7("requests answered"),
    /** A replay of the same offsets gives the same bytes, and writes nothing. */
    I8("same replay"),
    /** After the last fault groups end in time, and at the end nothing is open. */
    LIVENESS("alive");

    private final String title;

    Invariant(String title) {
        this.title = title;
    }

    /** In two or three words. */
    public String title() {
        return title;
    }
}
