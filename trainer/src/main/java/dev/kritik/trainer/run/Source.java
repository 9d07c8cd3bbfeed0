/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.Optional;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.worker.prompt.PromptVersion;

/**
 * What a trainee was made from, and what is said of it where it is saved.
 *
 * @param checkpoint config, tokenizer and so on
 * @param prompt what the trained model's {@code kritik.json} says; empty: it has none
 */
public record Source(Checkpoint checkpoint, Optional<PromptVersion> prompt) {

    /** Type of the weights as they are stored there. */
    StoredType storedType() {
        return checkpoint.config().storedType();
    }
}
