/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.nio.file.Path;
import java.util.Optional;

import dev.kritik.worker.judge.djl.JudgeFile;
import dev.kritik.worker.prompt.PromptVersion;

/** Which wording a judge in training reads. */
public final class Prompts {

    private Prompts() {}

    /** What prompts are written in: what is configured, else what the model says, else the worker's default. */
    public static PromptVersion toAsk(TrainConfig config, Path model) {
        return toSave(config, model).orElse(PromptVersion.CRITIQUE_V1);
    }

    /** What the trained model's {@code kritik.json} says; empty: it has none, and a worker goes by its default. */
    public static Optional<PromptVersion> toSave(TrainConfig config, Path model) {
        return config.prompt().or(() -> JudgeFile.prompt(model));
    }
}
