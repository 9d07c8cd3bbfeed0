/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

/**
 * One thing to measure.
 *
 * @param series what is varied: k, group-size, response-chars, open-groups
 * @param mode who answers
 * @param k samples
 * @param groupSize members of a group
 * @param panelSize most responses in one prompt
 * @param responseChars length of a response
 * @param openGroups groups that stay open meanwhile, for a member is missing
 * @param groups that are measured
 * @param passThrough whether the records that the stream application has read are passed through after it, to compare
 */
record CeilingCase(
        String series,
        Mode mode,
        int k,
        int groupSize,
        int panelSize,
        int responseChars,
        int openGroups,
        int groups,
        boolean passThrough) {

    /**
     * Groups that are judged before, so that all processes are warm: as many as count, for the pass-through reads everything
     * twice, too; at least some on each partition.
     */
    int warmUp() {
        return Math.max(64, groups);
    }

    /** Critiques that a group needs. */
    int samplesPerGroup() {
        return k * ((groupSize + panelSize - 1) / panelSize);
    }

    /** Records that the stream application reads for the measured groups. */
    long records() {
        return (long) groups * (groupSize + samplesPerGroup());
    }

    String words() {
        return series + ": " + mode.title() + ", k " + k + ", groups of " + groupSize + ", " + responseChars
                + " characters" + (openGroups > 0 ? ", " + openGroups + " groups open" : "") + ", " + groups
                + " groups";
    }
}
