/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.List;

import dev.kritik.trainer.data.Mixture;

/**
 * Which examples a step takes: those of an epoch one after another, the last batch of an epoch with what is left. For one
 * thread.
 */
public final class Course {

    private final Mixture mixture;
    private final int batch;
    private int epoch = -1;
    private List<Integer> order = List.of();

    /**
     * A course.
     *
     * @param batch most examples of a step
     */
    public Course(Mixture mixture, int batch) {
        this.mixture = mixture;
        this.batch = batch;
    }

    /** Steps of an epoch. */
    public int stepsPerEpoch() {
        return Math.ceilDiv(mixture.size(), batch);
    }

    /** The epoch that a step belongs to, both counted from 1. */
    public int epochOf(int step) {
        return (step - 1) / stepsPerEpoch() + 1;
    }

    /** The examples of a step, counted from 1, by their numbers in the mixture. */
    public List<Integer> batch(int step) {
        if (epochOf(step) != epoch) {
            epoch = epochOf(step);
            order = mixture.epoch(epoch);
        }
        int first = (step - 1) % stepsPerEpoch() * batch;
        return order.subList(first, Math.min(first + batch, order.size()));
    }
}
