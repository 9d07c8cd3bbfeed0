/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import dev.kritik.trainer.rft.Rft;

/** {@code kritik train rft}. */
@Command(
        name = "rft",
        description = {
            "Rejective fine-tuning: supervised, on what the assistant says in the last turn of each line"
                    + " {\"messages\":[{\"role\",\"content\"}, ...]}.",
            "--eval takes such lines (loss) or tasks as 'kritik train rl' does (greedy accuracy)."
        },
        footer = {
            "",
            "Examples:",
            "  kritik train rft --model models/judge --data accepted.jsonl hinted.jsonl --mix general.jsonl --out runs/rft",
            "  kritik train rft --model DIR --data a.jsonl --out runs/a --set train.lr=1e-3 --set train.epochs=3"
        })
public final class RftCommand implements Callable<Integer> {

    @Mixin
    private TrainOptions options;

    @Option(
            names = "--mix",
            paramLabel = "FILE",
            arity = "1..*",
            description = "General instruction data in the same form, mixed in at mix.share.")
    private List<Path> mix = List.of();

    @Override
    public Integer call() {
        return options.run(mix, Rft::train);
    }
}
