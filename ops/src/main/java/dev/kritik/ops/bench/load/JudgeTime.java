/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import dev.kritik.schema.Critique;

/**
 * The time of the judge in a group, as its critiques say. Times are the workers' clocks.
 *
 * @param critiques how many there are
 * @param firstStartedMs when the first of them was begun, epoch milliseconds
 * @param lastFinishedMs when the last one was made, epoch milliseconds
 * @param longestMs most that any of them spent in the judge, over all tries, pauses left out
 */
public record JudgeTime(int critiques, long firstStartedMs, long lastFinishedMs, long longestMs) {

    static JudgeTime of(Critique critique) {
        return new JudgeTime(1, critique.getStartedMs(), critique.getFinishedMs(), critique.getJudgeMs());
    }

    JudgeTime and(JudgeTime other) {
        return new JudgeTime(
                critiques + other.critiques,
                Math.min(firstStartedMs, other.firstStartedMs),
                Math.max(lastFinishedMs, other.lastFinishedMs),
                Math.max(longestMs, other.longestMs));
    }

    /** From the beginning of the first critique to the end of the last one, in milliseconds: the critical path. */
    public long pathMs() {
        return lastFinishedMs - firstStartedMs;
    }
}
