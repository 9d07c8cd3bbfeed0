/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import picocli.CommandLine.Command;

/** {@code kritik rollouts}: the way in. */
@Command(
        name = "rollouts",
        description = "Put rollouts into an installation.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = PublishCommand.class)
public final class RolloutsCommand {}
