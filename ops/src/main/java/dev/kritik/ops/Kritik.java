/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import dev.kritik.ops.cli.ConfigCommand;
import dev.kritik.ops.cli.Errors;
import dev.kritik.ops.cli.Version;
import dev.kritik.ops.judge.JudgeCommand;
import dev.kritik.ops.roles.WorkerCommand;
        subcommands = {TopicsCommand.class, WorkerCommand.class, RolloutsCommand.class, RewardsCommand.class, JudgeCommand.class, ConfigCommand.class},
