/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.Collection;
import java.util.Locale;

/**
 * A figure that was measured in several rounds.
 *
 * @param mean over the rounds
 * @param least of them
 * @param most of them
 */
public record Spread(double mean, double least, double most) {

    /** Of at least one round. */
    public static Spread of(Collection<Double> rounds) {
        var all = rounds.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return new Spread(all.getAverage(), all.getMin(), all.getMax());
    }

    /** The mean in so many digits and, where rounds differ, in brackets from where to where they go. */
    public String words(double times, int digits) {
        String number = "%." + digits + "f";
        if (least == most) {
            return String.format(Locale.ROOT, number, times * mean);
        }
        return String.format(
                Locale.ROOT, number + " (" + number + " to " + number + ")", times * mean, times * least, times * most);
    }
}
