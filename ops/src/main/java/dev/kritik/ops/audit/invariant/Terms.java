/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.Set;

/**
 * By what an installation is judged. Times in milliseconds.
 *
 * @param collectMs how long its groups wait for members
 * @param evaluateMs how long they wait for critiques
 * @param slackMs by how much a deadline may be missed without a word
 * @param nowMs until when was read, in epoch milliseconds: what was due before must be there
 * @param healedMs when the last fault had ended, in epoch milliseconds; null: not known, and then only what is missing is
 *     held against the installation, not what came late and said so
 * @param recoverWithinMs how long after that it may take until groups end in time
 * @param live whether groups may be open
 * @param fromMs groups that began before are left out, in epoch milliseconds; {@link Long#MIN_VALUE} for all
 * @param requestsFromMs requests before are gone, in epoch milliseconds; {@link Long#MIN_VALUE} when all are there
 * @param ledger whether there is one; without, all on the topic counts as sent
 * @param otherJobs whose rollouts others write
 */
public record Terms(
        long collectMs,
        long evaluateMs,
        long slackMs,
        long nowMs,
        Long healedMs,
        long recoverWithinMs,
        boolean live,
        long fromMs,
        long requestsFromMs,
        boolean ledger,
        Set<String> otherJobs) {

    public Terms {
        otherJobs = Set.copyOf(otherJobs);
    }
}
