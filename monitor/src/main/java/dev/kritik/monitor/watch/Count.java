/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * One number that is counted.
 *
 * @param label tells numbers of one kind apart; empty where there is only one. Two parts are set apart by {@link #BETWEEN}
 */
record Count(Tally tally, String label) {

    /** No character of an id. */
    static final char BETWEEN = '\0';

    /** What takes the place of labels beyond the limit. */
    static final String OTHER = "other";

    static Count of(Tally tally) {
        return new Count(tally, "");
    }

    static Count of(Tally tally, String first, String second) {
        return new Count(tally, first + BETWEEN + second);
    }

    String first() {
        int between = label.indexOf(BETWEEN);
        return between < 0 ? label : label.substring(0, between);
    }

    String second() {
        return label.substring(label.indexOf(BETWEEN) + 1);
    }
}
