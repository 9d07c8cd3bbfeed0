/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import picocli.CommandLine.Command;

/** {@code kritik replay}: what stands on the topics, read again. */
@Command(
        name = "replay",
        description =
                "Read again what stands on the topics: as files, as training data for the reward model, or to judge it once more.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ReplayExportCommand.class,
            ReplayRescoreCommand.class,
            ReplayDropCommand.class,
            ReplayRftCommand.class
        })
public final class ReplayCommand {}
