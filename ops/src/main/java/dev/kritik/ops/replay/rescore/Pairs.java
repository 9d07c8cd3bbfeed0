/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

/**
 * How the pairs of a list stand to each other in two rankings of it.
 *
 * @param same ordered alike
 * @param reversed ordered the other way
 * @param tiedThen tied in the first ranking only
 * @param tiedNow tied in the second only
 * @param tiedBoth tied in both
 */
record Pairs(long same, long reversed, long tiedThen, long tiedNow, long tiedBoth) {

    static final Pairs NONE = new Pairs(0, 0, 0, 0, 0);

    /** All pairs of values that stand at the same places. */
    static Pairs of(double[] then, double[] now) {
        long same = 0;
        long reversed = 0;
        long tiedThen = 0;
        long tiedNow = 0;
        long tiedBoth = 0;
        for (int i = 0; i < then.length; i++) {
            for (int j = i + 1; j < then.length; j++) {
                int before = Double.compare(then[i], then[j]);
                int after = Double.compare(now[i], now[j]);
                if (before == 0 && after == 0) {
                    tiedBoth++;
                } else if (before == 0) {
                    tiedThen++;
                } else if (after == 0) {
                    tiedNow++;
                } else if (before > 0 == after > 0) {
                    same++;
                } else {
                    reversed++;
                }
            }
        }
        return new Pairs(same, reversed, tiedThen, tiedNow, tiedBoth);
    }

    long all() {
        return same + reversed + tiedThen + tiedNow + tiedBoth;
    }

    /** Share of pairs that stand alike, those tied in both included, 0 to 1; null without pairs. */
    Double agreement() {
        return all() == 0 ? null : Double.valueOf((double) (same + tiedBoth) / all());
    }

    /** Kendall's tau-b, -1 to 1; null when one of the rankings ties everything. */
    Double tauB() {
        double free =
                Math.sqrt((double) (same + reversed + tiedNow)) * Math.sqrt((double) (same + reversed + tiedThen));
        return free == 0 ? null : Double.valueOf((double) (same - reversed) / free);
    }

    Pairs plus(Pairs other) {
        return new Pairs(
                same + other.same,
                reversed + other.reversed,
                tiedThen + other.tiedThen,
                tiedNow + other.tiedNow,
                tiedBoth + other.tiedBoth);
    }
}
