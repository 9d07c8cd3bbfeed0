/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the values of a sample lie.
 *
 * @param count values
 * @param p50 median
 * @param p90 90th percentile
 * @param p99 99th percentile
 * @param max greatest
 */
public record Percentiles(int count, double p50, double p90, double p99, double max) {

    /** Of at least one value. */
    public static Percentiles of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values: they have no percentiles");
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Percentiles(
                sorted.length, at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), sorted[sorted.length - 1]);
    }

    /** The value at a share of the way from the least (0) to the greatest (1); between two values, in proportion. */
    static double at(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** For programs. */
    public Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", count);
        values.put("p50", round(p50));
        values.put("p90", round(p90));
        values.put("p99", round(p99));
        values.put("max", round(max));
        return values;
    }

    /** A thousandth is more than any clock here tells. */
    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Median and 99th percentile, in whole units. */
    public String words() {
        return String.format(Locale.ROOT, "%.0f / %.0f", p50, p99);
    }
}
