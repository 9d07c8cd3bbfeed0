/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

import dev.kritik.schema.config.ConfigError;

/** Turns what went wrong into one clear line on stderr and an {@link ExitCode exit code}. */
public final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        boolean stacktrace = arguments.originalArgs().contains(CommonOptions.STACKTRACE);
        PrintWriter err = command.getErr();
        if (failure instanceof InterruptedException) {
            err.println("interrupted");
            return ExitCode.INTERRUPTED;
        }
        boolean ours = failure instanceof CommandFailed || failure instanceof ConfigError;
        String message = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        err.println("kritik: error: " + (ours ? message : failure.getClass().getSimpleName() + ": " + message));
        if (stacktrace) {
            failure.printStackTrace(err);
        } else if (!ours) {
            err.println("This is not an expected error. " + CommonOptions.STACKTRACE + " shows where it comes from.");
        }
        err.flush();
        return failure instanceof ConfigError ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("kritik: error: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        if (arguments.length == 0) {
            command.usage(err);
        }
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }
}
