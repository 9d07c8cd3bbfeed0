/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import java.util.Set;

/**
 * How an installation is audited. Times in milliseconds.
 *
 * @param slackMs by how much a deadline may be missed without a word
 * @param sinceMs groups that began before are left out, in epoch milliseconds; null for all that is there
 * @param healedMs when the last fault had ended, in epoch milliseconds: from then on groups must end in time; null to hold
 *     against the installation only what is missing, not what came late and said so
 * @param recoverWithinMs how long after the last fault groups may still end late
 * @param live whether the installation is at work: groups may be open, and topics grow
 * @param replay whether {@link dev.kritik.ops.audit.invariant.Invariant#I8} is decided, which writes the topics to the folder
 *     for temporary files twice
 * @param otherJobs jobs whose rollouts others write, without the ledger
 */
public record AuditOptions(
        long slackMs,
        Long sinceMs,
        Long healedMs,
        long recoverWithinMs,
        boolean live,
        boolean replay,
        Set<String> otherJobs) {

    /** By how much a deadline may be missed, unless said otherwise. */
    public static final long SLACK_MS = 5_000;

    /** How long groups may end late after a fault, unless said otherwise. */
    public static final long RECOVER_WITHIN_MS = 60_000;

    public AuditOptions {
        otherJobs = Set.copyOf(otherJobs);
    }

    /** All of an installation that is at rest. */
    public static AuditOptions standard() {
        return new AuditOptions(SLACK_MS, null, null, RECOVER_WITHIN_MS, false, true, Set.of());
    }

    /** The same after faults. */
    public AuditOptions healedAt(long epochMs, long recoverWithin) {
        return new AuditOptions(slackMs, sinceMs, epochMs, recoverWithin, live, replay, otherJobs);
    }

    /** The same with jobs of which the ledger knows nothing. */
    public AuditOptions others(Set<String> jobs) {
        return new AuditOptions(slackMs, sinceMs, healedMs, recoverWithinMs, live, replay, jobs);
    }

    /** The same with or without a replay. */
    public AuditOptions replay(boolean wanted) {
        return new AuditOptions(slackMs, sinceMs, healedMs, recoverWithinMs, live, wanted, otherJobs);
    }
}
