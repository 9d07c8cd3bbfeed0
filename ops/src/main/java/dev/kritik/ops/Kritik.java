/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import dev.kritik.ops.audit.AuditCommand;
import dev.kritik.ops.bench.BenchCommand;
import dev.kritik.ops.capacity.CapacityCommand;
import dev.kritik.ops.cli.ConfigCommand;
import dev.kritik.ops.cli.Errors;
import dev.kritik.ops.cli.Version;
import dev.kritik.ops.demo.DemoCommand;
import dev.kritik.ops.eval.EvalCommand;
import dev.kritik.ops.faults.FaultsCommand;
import dev.kritik.ops.generate.GenerateCommand;
import dev.kritik.ops.judge.JudgeCommand;
import dev.kritik.ops.lag.LagCommand;
import dev.kritik.ops.local.LocalCommand;
import dev.kritik.ops.replay.ReplayCommand;
import dev.kritik.ops.replay.SampleCommand;
import dev.kritik.ops.rewards.RewardsCommand;
import dev.kritik.ops.roles.DashboardCommand;
import dev.kritik.ops.roles.ExporterCommand;
import dev.kritik.ops.roles.GatewayCommand;
import dev.kritik.ops.roles.StreamCommand;
import dev.kritik.ops.roles.WorkerCommand;
import dev.kritik.ops.rollouts.RolloutsCommand;
import dev.kritik.ops.tasks.TasksCommand;
import dev.kritik.ops.topics.TopicsCommand;
import dev.kritik.ops.train.TrainCommand;

/** The {@code kritik} command: its subcommands are the roles of an installation and the tools around them. */
@Command(
        name = "kritik",
        description = {
            "A streaming reward service for reinforcement learning on language models: rollouts go into a Kafka topic, a "
                    + "generative reward model writes k critiques of each group of responses, a vote over them comes out "
                    + "as one reward record a group."
        },
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "'kritik COMMAND --help' explains a command, with examples."},
        subcommands = {
            DemoCommand.class,
            LocalCommand.class,
            TopicsCommand.class,
            StreamCommand.class,
            WorkerCommand.class,
            GatewayCommand.class,
            ExporterCommand.class,
            LagCommand.class,
            DashboardCommand.class,
            TasksCommand.class,
            RolloutsCommand.class,
            RewardsCommand.class,
            EvalCommand.class,
            SampleCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            JudgeCommand.class,
            BenchCommand.class,
            FaultsCommand.class,
            CapacityCommand.class,
            GenerateCommand.class,
            TrainCommand.class,
            ConfigCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the command ran, and the result is negative",
            "2:the command line or the configuration can't be used; nothing was done",
            "130:interrupted (Ctrl-C)"
        })
public final class Kritik {

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        // Always UTF-8: what is printed holds texts of models, whatever the locale of the terminal says.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    /** Runs one command; returns its exit code, see {@link dev.kritik.ops.cli.ExitCode}. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Errors errors = new Errors();
        int code = new CommandLine(new Kritik())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        out.flush();
        err.flush();
        return code;
    }
}
