/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rewards;

import picocli.CommandLine.Command;

/** {@code kritik rewards}: the way out. */
@Command(
        name = "rewards",
        description = "Look at the rewards that an installation has given.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = TailCommand.class)
public final class RewardsCommand {}
