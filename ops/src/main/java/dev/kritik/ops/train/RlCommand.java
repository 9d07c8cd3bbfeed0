/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

import dev.kritik.trainer.rl.Rl;

/** {@code kritik train rl}. */
@Command(
        name = "rl",
        description = {
            "Rule-based online RL: the model judges each task several times; a judgement gets +1 if the best response has a score"
                    + " strictly above all others, else -1, and GRPO learns from that.",
            "A task is a line {\"messages\":[...],\"responses\":[\"...\",\"...\"],\"best\":0,\"reference\":\"...\"}; with a single"
                    + " response \"score\":7 instead of best. --eval takes tasks (greedy accuracy)."
        },
        footer = {
            "",
            "Examples:",
            "  kritik train rl --model runs/rft/final --data tasks.jsonl --eval held-out.jsonl --out runs/rl",
            "  kritik train rl --model DIR --data tasks.jsonl --out runs/rl --set kl.beta=0.002 --set rl.group.size=8"
        })
public final class RlCommand implements Callable<Integer> {

    @Mixin
    private TrainOptions options;

    @Override
    public Integer call() {
        return options.run(List.of(), Rl::train);
    }
}
