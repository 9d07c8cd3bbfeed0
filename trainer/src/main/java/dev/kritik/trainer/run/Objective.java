/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.kritik.lm.train.StepStats;

/** What distinguishes one training from another: how a step computes its gradients, and what its results are called. */
public interface Objective {

    /** What else than the weights, the seed and the step's number the next step depends on, as text; empty: nothing. */
    default Optional<String> state() {
        return Optional.empty();
    }

    /** Takes what {@link #state} gave when the checkpoint was written; called before the first step of a run that goes on. */
    default void restore(String state) {}

    /**
     * Waits until there is something to learn from in a step.
     *
     * @param stop asked meanwhile; true gives up waiting
     * @return whether the step can be done; false ends the run with a checkpoint, and it may go on later
     */
    default boolean ready(int step, BooleanSupplier stop) {
        return true;
    }

    /** Has the optimizer take a step with the gradients that were added up, and tells of it. */
    @FunctionalInterface
    interface Update {
        StepStats apply();
    }

    /**
     * Does a step: adds up gradients and calls the update, usually once. What it does follows from the step's number, the
     * run's seed, the weights, and what {@link #restore} took, so that a run can go on where another process ended.
     *
     * @param step counted from 1
     * @return figures by name, in the order in which they are to be shown; {@code loss} and {@code tokens} among them
     */
    Map<String, Object> step(int step, Update update);

    /** Evaluates the weights as they are; empty if there is nothing to evaluate on. */
    Optional<Evaluation> evaluate();
}
