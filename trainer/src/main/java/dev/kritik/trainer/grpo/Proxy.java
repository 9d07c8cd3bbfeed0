/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

/** Mean of the rewards between two evaluations. For one thread. */
final class Proxy {

    private long count;
    private double sum;
    private double squares;

    void add(double[] rewards) {
        for (double reward : rewards) {
            count++;
            sum += reward;
            squares += reward * reward;
        }
    }

    long count() {
        return count;
    }

    double mean() {
        return sum / count;
    }

    /** Its standard error, as if all rewards were independent. */
    double error() {
        double variance = Math.max(0, (squares - sum * sum / count) / (count - 1));
        return Math.sqrt(variance / count);
    }

    void clear() {
        count = 0;
        sum = 0;
        squares = 0;
    }
}
