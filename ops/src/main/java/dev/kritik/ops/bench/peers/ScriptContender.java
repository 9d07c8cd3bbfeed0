/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.judge.RecordedJudge;

/**
 * A contender in Python, as a process; {@code ops/bench/peers/work.py} is its side of the talk: it says that it is ready,
 * waits for a line, tells rewards, one JSON object a line, and says that it is done.
 *
 * @param name in options and tables
 * @param python the interpreter
 * @param script file of the contender
 * @param arguments of the script, beside those that all take
 */
record ScriptContender(String name, String python, Path script, List<String> arguments) implements Contender {

    /** What a script ends with when a package is missing. */
    static final int MISSING = 3;

    /** Big libraries are loaded from a cold disk, on cores that others use too. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    @Override
    public Attempt judge(Work work, RecordedJudge judge, Terms terms, Path folder)
            throws MissingException, InterruptedException {
        if (!Files.isRegularFile(script)) {
            throw new MissingException("there is no " + script + ": give --scripts, a folder that has it");
        }
        Path log = folder.resolve("log.txt");
        Process process;
        try {
            Path file = folder.resolve("work.jsonl");
            work.write(file);
            process = new ProcessBuilder(command(file, judge, terms))
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new MissingException("'" + python + "' can't be started: " + e.getMessage());
        }
        try {
            return talk(process, terms, log);
        } finally {
            end(process);
        }
    }

    private List<String> command(Path file, RecordedJudge judge, Terms terms) {
        List<String> command = new ArrayList<>(List.of(
                python,
                script.toString(),
                "--work",
                file.toString(),
                "--judge",
                judge.url().toString(),
                "--model",
                Work.MODEL,
                "--concurrency",
                Integer.toString(terms.concurrency()),
                "--batch",
                Integer.toString(terms.batch())));
        terms.timeoutSeconds().ifPresent(seconds -> command.addAll(List.of("--timeout-s", Double.toString(seconds))));
        command.addAll(arguments);
        return command;
    }

    private Attempt talk(Process process, Terms terms, Path log) throws MissingException, InterruptedException {
        BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> read(process, lines));
        JsonNode ready = next(lines, System.nanoTime() + START.toNanos())
                .map(line -> line.path("ready"))
                .filter(JsonNode::isObject)
                .orElse(null);
        if (ready == null) {
            throw failed(process, log);
        }
        try {
            process.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw failed(process, log);
        }
        long begin = System.nanoTime();
        long end = begin + terms.limit().toNanos();
        List<Told> told = new ArrayList<>();
        boolean done = false;
        while (!done) {
            Optional<JsonNode> line = next(lines, end);
            if (line.filter(JsonNode::isMissingNode).isPresent()) {
                throw failed(process, log);
            }
            done = line.isEmpty() || line.get().has("done");
            if (!done) {
                told.add(told(line.get()));
            }
        }
        return new Attempt(
                ready.path("version").asText(),
                JSON.convertValue(ready.path("settings"), OBJECT),
                ready.path("own").asText(),
                told,
                (System.nanoTime() - begin) / 1e9);
    }

    private static Told told(JsonNode line) {
        return new Told(
                line.path("id").asText(),
                line.hasNonNull("reward") ? line.get("reward").doubleValue() : null,
                line.path("reason").asText(null),
                line.path("seconds").doubleValue());
    }

    private static void read(Process process, BlockingQueue<Optional<String>> lines) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            // The process was ended: nothing more comes.
        }
        lines.add(Optional.empty());
    }

    /** The next line; empty when the time is over; no node at the end of the process's output. */
    private Optional<JsonNode> next(BlockingQueue<Optional<String>> lines, long end) throws InterruptedException {
        Optional<String> line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (line == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(line.isEmpty() ? MissingNode.getInstance() : JSON.readTree(line.get()));
        } catch (JsonProcessingException e) {
            throw new CommandFailed(name + " wrote a line that is no JSON: " + line.get(), e);
        }
    }

    /** Throws that a package is missing, or returns what else went wrong. */
    private CommandFailed failed(Process process, Path log) throws MissingException, InterruptedException {
        boolean over = process.waitFor(1, TimeUnit.SECONDS);
        String last = lastLine(log);
        if (over && process.exitValue() == MISSING) {
            throw new MissingException(last);
        }
        return new CommandFailed(name + (over ? " ended with exit code " + process.exitValue() : " does not answer")
                + ": " + last + " (see " + log + ")");
    }

    private static String lastLine(Path log) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank())
                    .reduce((one, other) -> other)
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "its log can't be read: " + e.getMessage();
        }
    }

    /** Also the processes that it has started. */
    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        // What it started in the meantime ends with its standard input.
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // Then it is closed already.
        }
    }
}
