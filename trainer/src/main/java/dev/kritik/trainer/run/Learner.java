/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.nio.file.Path;

import dev.kritik.lm.train.StepStats;

/** The weights that are trained, as the loop sees them. */
interface Learner {

    /** Takes a step with the gradients that were added up. */
    StepStats step(double learningRate);

    /** Writes a checkpoint as Hugging Face saves it; may also throw an {@link java.io.UncheckedIOException}. */
    void save(Path folder) throws IOException;

    /** Writes what is needed to go on bit for bit; may also throw an {@link java.io.UncheckedIOException}. */
    void saveState(Path file) throws IOException;

    /** Takes that again. */
    void loadState(Path file);
}
