/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

/**
 * Mean of the rewards between two evaluations. Members of a group answer the same query, and are not independent of each other:
 * what is counted is groups, each with the mean of its members. For one thread.
 */
final class Proxy {

    private long count;
    private double mean;
    private double squares;

    /** Takes groups by the mean of their rewards. */
    void add(double[] groups) {
        for (double group : groups) {
            count++;
            double off = group - mean;
            mean += off / count;
            squares += off * (group - mean);
        }
    }

    /** Groups that were taken. */
    long count() {
        return count;
    }

    double mean() {
        return mean;
    }

    /** Its standard error; needs two groups. */
    double error() {
        return Math.sqrt(squares / (count - 1) / count);
    }

    void clear() {
        count = 0;
        mean = 0;
        squares = 0;
    }
}
