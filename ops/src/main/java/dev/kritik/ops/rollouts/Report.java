/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import java.util.List;

/**
 * What became of a file of rollouts.
 *
 * @param lines lines that hold something
 * @param groups groups with a published member
 * @param rollouts published rollouts, acknowledged by the broker
 * @param rejected lines that were left out, wholly or in part, by number
 */
public record Report(int lines, int groups, long rollouts, List<Rejected> rejected) {

    /**
     * A line that was left out.
     *
     * @param line its number, from 1
     * @param reason what is wrong with it
     */
    public record Rejected(int line, String reason) {}
}
