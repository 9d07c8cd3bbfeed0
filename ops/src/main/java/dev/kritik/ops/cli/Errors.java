/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

import dev.kritik.schema.config.ConfigError;

/** Turns what went wrong into one clear line on stderr and an {@link ExitCode exit code}. */
public final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final String RIGHTS = "kritik topics acls";

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        boolean stacktrace = arguments.originalArgs().contains(CommonOptions.STACKTRACE);
        PrintWriter err = command.getErr();
        if (isInterrupt(failure)) {
            err.println("interrupted");
            return ExitCode.INTERRUPTED;
        }
        boolean expected = failure instanceof CommandFailed
                || failure instanceof ConfigError
                || failure instanceof IOException
                || failure instanceof KafkaException;
        err.println("kritik: error: " + words(failure));
        if (isRefusal(failure) && !words(failure).contains(RIGHTS)) {
            err.println("'" + RIGHTS + "' lists the rights that each role needs.");
        }
        if (stacktrace) {
            failure.printStackTrace(err);
        } else if (!expected) {
            err.println("This is not an expected error. " + CommonOptions.STACKTRACE + " shows where it comes from.");
        }
        err.flush();
        return failure instanceof ConfigError ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    /** Whether somebody interrupted the thread; Kafka's clients say it by an exception of their own. */
    public static boolean isInterrupt(Exception failure) {
        return failure instanceof InterruptedException || failure instanceof InterruptException;
    }

    private static boolean isRefusal(Throwable failure) {
        return failure != null && (failure instanceof AuthorizationException || isRefusal(failure.getCause()));
    }

    private static String words(Exception failure) {
        String message = failure.getMessage();
        if (failure instanceof NoSuchFileException) {
            return "there is no file '" + message + "'";
        }
        if (failure instanceof AccessDeniedException) {
            return "'" + message + "' may not be read";
        }
        boolean plain = failure instanceof CommandFailed
                || failure instanceof ConfigError
                || failure.getClass() == IOException.class;
        return plain && message != null
                ? message
                : failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
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
