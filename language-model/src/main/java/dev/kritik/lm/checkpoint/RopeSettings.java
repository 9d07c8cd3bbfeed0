/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

/**
 * Rotary position embedding (arXiv 2104.09864) and how it is stretched to longer contexts.
 *
 * @param theta base of the angles
 * @param scaling how angles are stretched
 * @param factor by how much; 1 with {@link Scaling#NONE}
 * @param lowFreqFactor of {@link Scaling#LLAMA3}; else 1
 * @param highFreqFactor of {@link Scaling#LLAMA3}; else 4
 * @param originalContext positions that the model was first trained with, of {@link Scaling#LLAMA3}; else 0
 */
public record RopeSettings(
        double theta,
        Scaling scaling,
        double factor,
        double lowFreqFactor,
        double highFreqFactor,
        int originalContext) {

    /** Kinds of scaling, by transformers' names. */
    public enum Scaling {
        /** {@code default}. */
        NONE,
        /** {@code linear}: positions are divided by the factor. */
        LINEAR,
        /** {@code llama3}: low frequencies are divided, high ones kept, those between are blended. */
        LLAMA3
    }

    /** No scaling. */
    public static RopeSettings plain(double theta) {
        return new RopeSettings(theta, Scaling.NONE, 1, 1, 4, 0);
    }
}
