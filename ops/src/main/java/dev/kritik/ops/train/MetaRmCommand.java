/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

import dev.kritik.trainer.metarm.MetaRmTraining;

/** {@code kritik train meta-rm}. */
@Command(
        name = "meta-rm",
        description = {
            "Train a Meta RM: a scalar that says how likely a judgement is right, by binary cross-entropy on lines"
                    + " {\"messages\":[user, assistant],\"label\":0|1}.",
            "A language model gets a new head; a Meta RM is trained on. Without --eval, meta.holdout of the queries are held out"
                    + " for AUC and accuracy."
        },
        footer = {"", "Examples:", "  kritik train meta-rm --model runs/rft/final --data meta.jsonl --out runs/meta"})
public final class MetaRmCommand implements Callable<Integer> {

    @Mixin
    private TrainOptions options;

    @Override
    public Integer call() {
        return options.run(List.of(), MetaRmTraining::train);
    }
}
