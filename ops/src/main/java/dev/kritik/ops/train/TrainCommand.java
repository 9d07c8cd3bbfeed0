/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Command;

import dev.kritik.ops.nano.NanoCommand;

/** {@code kritik train}: training of the reward model by SPCT, and of a policy by GRPO. */
@Command(
        name = "train",
        description = {
            "Train a judge or a Meta RM in this process, by SPCT (arXiv 2504.02495): no Kafka is needed. Or train a policy by GRPO,"
                    + " from the rewards of an installation.",
            "A run's folder (--out) gets checkpoints, metrics.jsonl, report.html, and at the end final/, the trained model. The"
                    + " same command goes on where a run ended, whatever ended it."
        },
        subcommands = {RftCommand.class, RlCommand.class, MetaRmCommand.class, GrpoCommand.class, NanoCommand.class})
public final class TrainCommand {}
