/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a drawing: round numbers from below the least to above the greatest value.
 *
 * @param low value at its beginning
 * @param step between ticks, 1, 2 or 5 times a power of ten
 * @param count of steps
 * @param from where it begins, in pixels
 * @param to where it ends
 */
public record Axis(double low, double step, int count, double from, double to) {

    /** An axis with about so many steps at most. */
    public static Axis of(double least, double greatest, int most, double from, double to) {
        double range = greatest > least ? greatest - least : 1;
        double power = Math.pow(10, Math.floor(Math.log10(range / most)));
        double step = power;
        for (int times : new int[] {1, 2, 5, 10}) {
            step = times * power;
            if (range / step <= most) {
                break;
            }
        }
        double first = Math.floor(least / step + 1e-9);
        double last = Math.ceil(greatest / step - 1e-9);
        return new Axis(first * step, step, (int) Math.max(1, last - first), from, to);
    }

    /** Where a value stands, in pixels. */
    public double at(double value) {
        return from + (value - low) / (step * count) * (to - from);
    }

    /** The values at its steps, from the lowest. */
    public List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            ticks.add(low + i * step);
        }
        return ticks;
    }

    /** A tick's value in as many digits as the steps have. */
    public String label(double tick) {
        int digits = Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9));
        return BigDecimal.valueOf(tick).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}
