/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

/**
 * One step of one group.
 *
 * @param draft what is kept of the group, and what is to be done
 * @param nowMs time in epoch milliseconds
 */
record Turn(GroupId id, Draft draft, long nowMs) {

    /** The earlier of a deadline and a cap, which may be null. */
    static long capped(long deadlineMs, Long capMs) {
        return capMs == null ? deadlineMs : Math.min(deadlineMs, capMs);
    }
}
