/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import picocli.CommandLine.Command;

/** {@code kritik replay}: what stands on the topics, read again. */
@Command(
        name = "replay",
        description = "Make training data for the reward model from what stands on the topics.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ReplayRftCommand.class)
public final class ReplayCommand {}
