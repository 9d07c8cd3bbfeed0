/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

/** The trainings, with the learning rates and batches of the paper (arXiv 2504.02495). */
public enum Kind {
    /** Rejective fine-tuning. */
    RFT("rft", 5e-6, 1024),
    /** Rule-based online RL. */
    RL("rl", 4e-7, 512),
    /** The Meta RM. */
    META_RM("meta-rm", 1e-5, 512),
    /** A policy, from the topic of rewards; learning rate and batch (groups) are no paper's, but usual ones. */
    GRPO("grpo", 1e-6, 32);

    private final String label;
    private final double learningRate;
    private final int batch;

    Kind(String label, double learningRate, int batch) {
        this.label = label;
        this.learningRate = learningRate;
        this.batch = batch;
    }

    /** The name on the command line and in files. */
    public String label() {
        return label;
    }

    /** Where none is configured. */
    public double learningRate() {
        return learningRate;
    }

    /** Where none is configured. */
    public int batch() {
        return batch;
    }
}
