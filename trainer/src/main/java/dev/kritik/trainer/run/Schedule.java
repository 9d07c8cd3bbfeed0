/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

/**
 * The learning rate of each step: it rises in equal parts during the warm-up, then keeps, or falls to a floor that it
 * reaches with the last step.
 *
 * @param peak the highest rate
 * @param warmup steps of the warm-up; the last of them has the peak
 * @param total steps of the run
 * @param shape how it goes on
 * @param floor share of the peak that it falls to, from 0 to 1
 */
public record Schedule(double peak, int warmup, int total, Shape shape, double floor) {

    /** How the rate goes on after the warm-up. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /** The rate of a step, counted from 1. */
    public double at(int step) {
        if (step <= warmup) {
            return peak * step / warmup;
        }
        double gone = total == warmup ? 1 : (double) (step - warmup) / (total - warmup);
        double share = switch (shape) {
            case CONSTANT -> 1;
            case LINEAR -> 1 - gone;
            case COSINE -> (1 + Math.cos(Math.PI * gone)) / 2;
        };
        return shape == Shape.CONSTANT ? peak : peak * (floor + (1 - floor) * share);
    }
}
