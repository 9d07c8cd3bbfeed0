/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.List;

/** What is kept of each record: hashes and numbers, no texts. A million of each fit into some hundred megabytes. */
final class Seen {

    private Seen() {}

    /** A rollout that went through the ledger. */
    record Sent(
            int index,
            int size,
            long hash,
            Send.State state,
            int partition,
            long offset,
            long sentMs,
            long deadlineMs) {
        Place place() {
            return new Place(Place.Flow.ROLLOUTS, partition, offset);
        }
    }

    /**
     * A rollout on the topic.
     *
     * @param hash of its value
     * @param response of its response; {@link Fingerprint#NONE} when it can't be read any more
     * @param deadlineMs as it says; {@link Long#MAX_VALUE} for none
     */
    record Member(
            int index, int size, long hash, long response, long deadlineMs, int partition, long offset, long timeMs) {
        Place place() {
            return new Place(Place.Flow.ROLLOUTS, partition, offset);
        }

        boolean isReadable() {
            return response != Fingerprint.NONE;
        }
    }

    /** A record on rollouts that says not clearly which member of which group it is. */
    record Stray(long hash, int partition, long offset) {
        Place place() {
            return new Place(Place.Flow.ROLLOUTS, partition, offset);
        }
    }

    /**
     * A sample of a request.
     *
     * @param shown hash of the order in which responses are shown
     * @param responses hash of the set of responses
     * @param towards partition to which critiques go
     */
    record Asked(int panel, int sample, int shown, int responses, int towards, int partition, long offset) {
        Place place() {
            return new Place(Place.Flow.REQUESTS, partition, offset);
        }

        long id() {
            return sampleId(panel, sample);
        }
    }

    /**
     * A critique.
     *
     * @param vote hash of what a vote says of it
     * @param shown hash of the order in which responses were shown
     * @param responses hash of the set of responses that have scores; 0 when it is not OK
     * @param misplaced whether scores stand at other responses than the text says
     * @param keyed whether its key is that of its group
     */
    record Critic(
            int panel,
            int sample,
            long vote,
            int shown,
            int responses,
            boolean misplaced,
            boolean keyed,
            long judgeMs,
            int delivery,
            long promptTokens,
            long completionTokens,
            int partition,
            long offset) {
        Place place() {
            return new Place(Place.Flow.CRITIQUES, partition, offset);
        }

        long id() {
            return sampleId(panel, sample);
        }
    }

    /** A dead letter. */
    record Letter(Place source, String reason, boolean streams, long hash, boolean cut, int partition, long offset) {
        Place place() {
            return new Place(Place.Flow.DEAD_LETTERS, partition, offset);
        }
    }

    /**
     * A vote of a terminal record.
     *
     * @param hash of what it says; {@link Fingerprint#NONE} when it is UNANSWERED
     */
    record Vote(int panel, int sample, long hash) {
        long id() {
            return sampleId(panel, sample);
        }

        boolean answered() {
            return hash != Fingerprint.NONE;
        }
    }

    /** A member of a terminal record. {@code judgedAs} is its own index when it was judged in its own name. */
    record Rewarded(int index, String status, String reason, double reward, int judgedAs) {}

    /** A finding within one terminal record. */
    record Fault(Invariant invariant, String what) {}

    /**
     * A terminal record.
     *
     * @param judgingMs -1 when nothing was asked for
     * @param votesLeftOut whether the record says that it was too large for its votes
     * @param faults what is wrong with it, whatever stands elsewhere
     */
    record Terminal(
            String status,
            String stop,
            boolean reasoned,
            int size,
            long openedMs,
            long judgingMs,
            long closedMs,
            List<Rewarded> members,
            boolean tied,
            List<Vote> votes,
            boolean votesLeftOut,
            int requested,
            long promptTokens,
            long completionTokens,
            List<Fault> faults,
            int partition,
            long offset,
            long timeMs) {
        Place place() {
            return new Place(Place.Flow.REWARDS, partition, offset);
        }

        /** When it was there at the earliest. */
        long atMs() {
            return Math.max(closedMs, timeMs);
        }
    }

    static long sampleId(int panel, int sample) {
        return ((long) panel << 32) | (sample & 0xffff_ffffL);
    }
}
