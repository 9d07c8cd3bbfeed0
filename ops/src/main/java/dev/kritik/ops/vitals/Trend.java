/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import java.util.Arrays;

/**
 * Whether a quantity grows over a run: the median of the last quarter against that of the second. The first quarter is left
 * out, in which heaps, caches and pools fill up; medians, so that a single peak is no growth. Pure.
 *
 * @param early median of the second quarter
 * @param late median of the last quarter
 * @param most largest value of the whole run
 */
public record Trend(double early, double late, double most) {

    /** Fewest values from which quarters can be told apart. */
    static final int FEWEST = 8;

    /**
     * The trend of values at even distances in time.
     *
     * @throws IllegalArgumentException if there are fewer than {@value #FEWEST}
     */
    public static Trend of(double... values) {
        if (values.length < FEWEST) {
            throw new IllegalArgumentException(
                    values.length + " values are too few for a trend; at least " + FEWEST + " are needed");
        }
        int quarter = values.length / 4;
        return new Trend(
                median(Arrays.copyOfRange(values, quarter, 2 * quarter)),
                median(Arrays.copyOfRange(values, values.length - quarter, values.length)),
                Arrays.stream(values).max().orElseThrow());
    }

    /** By how much the late value is above the early one, as a share of it; 0 if both are 0. */
    public double growth() {
        return late == early ? 0 : (late - early) / early;
    }

    /**
     * Whether it stays.
     *
     * @param share growth that still counts as flat, such as 0.1
     * @param amount growth in absolute terms that always counts as flat: a tenth more of very little is nothing
     */
    public boolean flat(double share, double amount) {
        return late - early <= Math.max(amount, share * early);
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
