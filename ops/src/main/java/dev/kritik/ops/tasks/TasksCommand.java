/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.tasks;

import picocli.CommandLine.Command;

/** {@code kritik tasks}: queries whose best response is known for certain. */
@Command(
        name = "tasks",
        description = "Micro-tasks: queries with responses of known quality, for training and evaluation.",
        subcommands = MakeCommand.class)
public final class TasksCommand {}
