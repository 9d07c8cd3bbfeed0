/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.kritik.local.StackException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;

/** The results of a bench: each a line of {@code results.jsonl} as soon as it is there, and on stdout with {@code --json}. */
public final class Results {

    /** Name of the file. */
    public static final String FILE = "results.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final CommonOptions common;
    private final List<JsonNode> all = new ArrayList<>();

    private Results(Path file, CommonOptions common) {
        this.file = file;
        this.common = common;
    }

    /**
     * Results in a folder, which is made.
     *
     * @throws IOException if it can't be made
     */
    public static Results in(Path folder, CommonOptions common) throws IOException {
        Files.createDirectories(folder);
        return new Results(folder.resolve(FILE), common);
    }

    /**
     * Refuses a folder that holds something already: figures of several runs would be mixed.
     *
     * @param command whose option --out it is
     * @throws ParameterException if it does
     */
    public static void requireNew(CommandSpec command, Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--out '" + folder + "' is not empty: give a new folder, for all figures come from one run");
            }
        }
    }

    /** The work of a bench. */
    public interface Work {

        /** Measures; what is interrupted leaves what it has. */
        int run() throws InterruptedException, IOException;
    }

    /**
     * Does the work of a bench, until it is done or the process is told to end.
     *
     * @param told whether it was
     * @return the exit code: that of the work, or {@link ExitCode#INTERRUPTED}
     * @throws CommandFailed if the work needs what can't be had
     */
    public int run(Interruption told, Work work) throws IOException {
        try {
            return work.run();
        } catch (InterruptedException | RuntimeException e) {
            // Kafka's clients have an exception of their own for it.
            if (!told.came()) {
                throw e instanceof RuntimeException known && !(e instanceof StackException)
                        ? known
                        : new CommandFailed(e.getMessage(), e);
            }
            say("interrupted; what was measured until then is in " + file);
            return ExitCode.INTERRUPTED;
        }
    }

    /** Writes one result. */
    public void add(Map<String, Object> result) {
        try {
            String line = JSON.writeValueAsString(result);
            all.add(JSON.readTree(line));
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (common.json()) {
                common.out().println(line);
                common.out().flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("results can't be written to " + file, e);
        }
    }

    /** All results up to now. */
    public List<JsonNode> all() {
        return List.copyOf(all);
    }

    /** Prints for people, unless JSON is wanted. */
    public void print(String text) {
        if (!common.json()) {
            common.out().print(text);
            common.out().flush();
        }
    }

    /** Says how far it is. */
    public void say(String text) {
        PrintWriter err = common.err();
        err.println(text);
        err.flush();
    }

    /** Where the results are. */
    public Path file() {
        return file;
    }
}
