/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.util.Arrays;

/**
 * What a correlation needs of pairs of numbers that are deviations from the mean of their group.
 *
 * @param xx sum of squares of the first
 * @param yy sum of squares of the second
 * @param xy sum of products
 */
record Moments(double xx, double yy, double xy) {

    static final Moments NONE = new Moments(0, 0, 0);

    /** Deviations from the means of the two lists. */
    static Moments of(double[] x, double[] y) {
        return sums(centred(x), centred(y));
    }

    /** The same in units of the population standard deviation; 0 for each where a list has no spread. */
    static Moments normalised(double[] x, double[] y) {
        return sums(advantages(x), advantages(y));
    }

    /** Pearson's correlation, -1 to 1; null when there is no spread in one of them. */
    Double correlation() {
        double spread = Math.sqrt(xx) * Math.sqrt(yy);
        return spread == 0 ? null : Double.valueOf(Math.clamp(xy / spread, -1, 1));
    }

    Moments plus(Moments other) {
        return new Moments(xx + other.xx, yy + other.yy, xy + other.xy);
    }

    private static Moments sums(double[] x, double[] y) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += x[i] * x[i];
            yy += y[i] * y[i];
            xy += x[i] * y[i];
        }
        return new Moments(xx, yy, xy);
    }

    /** Equal values give zeros, without the rounding of their mean. */
    private static double[] centred(double[] values) {
        if (Arrays.stream(values).distinct().count() < 2) {
            return new double[values.length];
        }
        double mean = Arrays.stream(values).average().orElse(0);
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    private static double[] advantages(double[] values) {
        double[] deviations = centred(values);
        double variance =
                Arrays.stream(deviations).map(value -> value * value).average().orElse(0);
        return variance == 0
                ? deviations
                : Arrays.stream(deviations)
                        .map(value -> value / Math.sqrt(variance))
                        .toArray();
    }
}
