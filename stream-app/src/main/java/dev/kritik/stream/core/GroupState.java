/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

/**
 * Where a group stands: small, and of a size that does not grow with what arrives. Texts, hashes and scores stand in
 * {@link Entries}. The way goes {@link Absent}, {@link Collecting}, {@link Judging}, {@link Closed}, and to {@link Absent}
 * again when the group is forgotten; judging may be left out.
 */
public sealed interface GroupState {

    /** Time, in epoch milliseconds, at which {@link Event.DeadlinePassed} is due; {@link Long#MAX_VALUE} for never. */
    long wakeMs();

    /** Nothing is known of the group: it is new, or long closed. */
    record Absent() implements GroupState {
        @Override
        public long wakeMs() {
            return Long.MAX_VALUE;
        }
    }

    /**
     * What the member that opened the group settled.
     *
     * @param size members that the group is to have
     * @param openedMs time, in epoch milliseconds, at which it was taken in
     * @param policyVersion version of the policy; null when it did not say
     */
    record Opening(int size, long openedMs, Long policyVersion) {}

    /**
     * Which members are there: all others are missing.
     *
     * @param arrived those that can be used
     * @param rejected those that can't
     */
    record Roll(Indices arrived, Indices rejected) {

        boolean has(int index) {
            return arrived.contains(index) || rejected.contains(index);
        }

        int size() {
            return arrived.size() + rejected.size();
        }

        Roll withArrived(int index) {
            return new Roll(arrived.with(index), rejected);
        }

        Roll withRejected(int index) {
            return new Roll(arrived, rejected.with(index));
        }
    }

    /**
     * Waits for members.
     *
     * @param deadlineMs when the wait ends
     * @param capMs when everything ends, as the members wish it; null when they don't say
     * @param terms null until a usable member has arrived
     */
    record Collecting(Opening opening, long deadlineMs, Long capMs, Terms terms, Roll roll) implements GroupState {
        @Override
        public long wakeMs() {
            return deadlineMs;
        }
    }

    /**
     * Waits for critiques.
     *
     * @param judgingMs when the first were asked for
     * @param roundMs when the last were asked for
     * @param deadlineMs when the wait ends
     * @param judged the different responses: those that were sent to the judges
     * @param asked samples of each response that were asked for, 1 to k
     * @param received critiques that came
     */
    record Judging(
            Opening opening,
            long judgingMs,
            long roundMs,
            long deadlineMs,
            Terms terms,
            Roll roll,
            Indices judged,
            int asked,
            int received)
            implements GroupState {

        /** Panels in each sample. */
        public int panels() {
            return Math.ceilDiv(judged.size(), terms.panelSize());
        }

        /** Critiques that were asked for so far: one for each panel of each sample. */
        public int expected() {
            return asked * panels();
        }

        /** Whether there are samples that have not been asked for. */
        public boolean canAskMore() {
            return asked < terms.k();
        }

        /**
         * The deadline; before that, while more can be asked for, the time when half of what the round had is gone: a
         * critique that is lost must not cost the group the samples that the round was to be followed by.
         */
        @Override
        public long wakeMs() {
            return canAskMore() ? roundMs + Math.max(0, deadlineMs - roundMs) / 2 : deadlineMs;
        }
    }

    /**
     * Has its terminal record. Remembered so that a late or repeated record can't open the group again.
     *
     * @param expiresMs when it is forgotten
     * @param known members that were there
     */
    record Closed(long expiresMs, Indices known) implements GroupState {
        @Override
        public long wakeMs() {
            return expiresMs;
        }
    }
}
