/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.Arrays;

/** How long a recorded answer takes, from its start in service. */
public sealed interface Latency {

    /** 99th percentile of the standard normal distribution. */
    double Z99 = 2.3263478740408408;

    /** No time at all. */
    Latency NONE = new Fixed(0);

    /** The time for one request, in milliseconds. */
    double millis(Draws draws);

    /** The mean over all requests, in milliseconds. */
    double meanMs();

    /**
     * Always the same.
     *
     * @param ms milliseconds
     */
    record Fixed(double ms) implements Latency {
        public Fixed {
            atLeast(0, ms);
        }

        @Override
        public double millis(Draws draws) {
            return ms;
        }

        @Override
        public double meanMs() {
            return ms;
        }
    }

    /**
     * Evenly spread.
     *
     * @param fromMs least, milliseconds
     * @param toMs most, milliseconds
     */
    record Uniform(double fromMs, double toMs) implements Latency {
        public Uniform {
            atLeast(0, fromMs);
            atLeast(fromMs, toMs);
        }

        @Override
        public double millis(Draws draws) {
            return fromMs + (toMs - fromMs) * draws.uniform(0);
        }

        @Override
        public double meanMs() {
            return (fromMs + toMs) / 2;
        }
    }

    /**
     * Log-normal, the shape of the answer times of model servers: a long tail to the right.
     *
     * @param p50Ms median, milliseconds
     * @param p99Ms 99th percentile, milliseconds
     */
    record LogNormal(double p50Ms, double p99Ms) implements Latency {
        public LogNormal {
            atLeast(Double.MIN_NORMAL, p50Ms);
            atLeast(p50Ms, p99Ms);
        }

        @Override
        public double millis(Draws draws) {
            // Box-Muller; 1 - u is never 0.
            double normal = Math.sqrt(-2 * Math.log(1 - draws.uniform(0))) * Math.cos(2 * Math.PI * draws.uniform(1));
            return p50Ms * Math.exp(sigma() * normal);
        }

        @Override
        public double meanMs() {
            return p50Ms * Math.exp(sigma() * sigma() / 2);
        }

        private double sigma() {
            return Math.log(p99Ms / p50Ms) / Z99;
        }
    }

    /**
     * A multiple of another one.
     *
     * @param of which
     * @param factor by how much longer it takes; above 0
     */
    record Scaled(Latency of, double factor) implements Latency {
        public Scaled {
            atLeast(Double.MIN_NORMAL, factor);
        }

        @Override
        public double millis(Draws draws) {
            return factor * of.millis(draws);
        }

        @Override
        public double meanMs() {
            return factor * of.meanMs();
        }
    }

    /**
     * Reads {@code fixed:20}, {@code uniform:10,50} or {@code lognormal:200,1500} (median, 99th percentile); all in
     * milliseconds.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Latency parse(String text) {
        String[] parts = text.split(":", 2);
        double[] numbers;
        try {
            numbers = parts.length < 2
                    ? new double[0]
                    : Arrays.stream(parts[1].split(",", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("latency '" + text + "' holds something that is no number", e);
        }
        return switch (parts[0] + numbers.length) {
            case "fixed1" -> new Fixed(numbers[0]);
            case "uniform2" -> new Uniform(numbers[0], numbers[1]);
            case "lognormal2" -> new LogNormal(numbers[0], numbers[1]);
            default ->
                throw new IllegalArgumentException("latency '" + text
                        + "' is none of fixed:MS, uniform:FROM,TO and lognormal:P50,P99 (milliseconds)");
        };
    }

    private static void atLeast(double least, double value) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a latency of " + value + " ms is not at least " + least + " ms");
        }
    }
}
