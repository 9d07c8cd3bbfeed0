/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import picocli.CommandLine.Command;

/** {@code kritik sample}: known groups through the live workers once more. */
@Command(
        name = "sample",
        description = "Let the judges of a running installation write material for training.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = SampleRftCommand.class)
public final class SampleCommand {}
