/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import picocli.CommandLine.Command;

/** {@code kritik judge}: stand-ins for a model server. */
@Command(
        name = "judge",
        description = "Stand-ins for a model server.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RecordedCommand.class)
public final class JudgeCommand {}
