/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * A group in a list.
 *
 * @param id which
 * @param state COLLECTING (members are missing, and nothing was asked for), JUDGING, or the status of its end
 * @param size members that it is to have; 0 where no rollout was seen
 * @param arrived members that were seen
 * @param asked critiques that were asked for, as far as seen
 * @param usable critiques with scores
 * @param unusable critiques without
 * @param sinceMs time, in epoch milliseconds, of the first that was seen of it
 * @param ending how it ended; null while it is open
 */
public record GroupLine(
        GroupKey id,
        String state,
        int size,
        int arrived,
        int asked,
        int usable,
        int unusable,
        long sinceMs,
        Ending ending) {

    /** Of a group that waits for members. */
    public static final String COLLECTING = "COLLECTING";

    /** Of a group whose critiques are being written. */
    public static final String JUDGING = "JUDGING";

    /** Milliseconds from its begin to its end, or until now. */
    public long ageMs(long nowMs) {
        return ending == null ? Math.max(0, nowMs - sinceMs) : ending.tookMs();
    }
}
