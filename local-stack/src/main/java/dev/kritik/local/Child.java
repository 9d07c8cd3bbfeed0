/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A Java program as a child process: tied to this one by {@link Tether}, its output in a log file. Not thread-safe.
 */
public final class Child implements Running {

    /**
     * System property with further arguments for the JVMs of all children, separated by blanks. Tests leave the second
     * compiler out: what they start ends before it pays, and has few cores.
     */
    static final String JVM_ARGS = "kritik.child.jvm.args";

    private static final Pattern WORDS = Pattern.compile("\\s+");

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STOP = Tether.GRACE.plusSeconds(5);
    private static final long LOG_LIMIT = 20L * 1024 * 1024;
    private static final int TAIL_LINES = 25;

    /**
     * A terminal sends Ctrl-C to all processes at once, and the broker would be gone before its clients. What is ignored
     * here stays ignored after exec, in the JVM too; SIGTERM still ends it.
     */
    private static final List<String> DEAF_TO_CTRL_C =
            File.separatorChar == '/' ? List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\"") : List.of();

    private final String name;
    private final Path log;
    private final long logStart;
    private final Process process;
    private Optional<Stopped> stopped = Optional.empty();

    private Child(String name, Path log, long logStart, Process process) {
        this.name = name;
        this.log = log;
        this.logStart = logStart;
        this.process = process;
    }

    /**
     * Starts a main class under {@link Tether}. Its temporary files lie in a folder beside its log: one that is killed leaves its
     * native libraries there, and the next of the same log deletes them.
     *
     * @param name for messages
     * @param jvmArgs what stands before the main class, the class path included; it must hold this module's classes
     * @param mainAndArgs the main class and its arguments
     * @param log the file for standard output and error, appended to; a very large one is set aside first
     * @param directory the working directory
     */
    public static Child start(String name, List<String> jvmArgs, List<String> mainAndArgs, Path log, Path directory) {
        return start(name, jvmArgs, mainAndArgs, log, directory, Map.of());
    }

    /**
     * The same.
     *
     * @param environment variables over those of this process
     */
    public static Child start(
            String name,
            List<String> jvmArgs,
            List<String> mainAndArgs,
            Path log,
            Path directory,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(DEAF_TO_CTRL_C);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path temporary = log.resolveSibling(log.getFileName() + ".tmp").toAbsolutePath();
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(jvmArgs);
        command.addAll(WORDS.splitAsStream(System.getProperty(JVM_ARGS, ""))
                .filter(word -> !word.isEmpty())
                .toList());
        command.add(Tether.class.getName());
        command.addAll(mainAndArgs);
        try {
            Files.createDirectories(log.getParent());
            Folders.delete(temporary);
            Files.createDirectories(temporary);
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
            }
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new Child(name, log, logStart, builder.start());
        } catch (IOException e) {
            throw new StackException("The " + name + " can't be started: " + e.getMessage(), e);
        }
    }

    /** The process id. */
    @Override
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The file with the output. */
    public Path log() {
        return log;
    }

    /**
     * Waits until the program is ready.
     *
     * @param ready asked about twenty times a second
     * @throws StackException if the program ends first or the time is over, with the end of its log
     */
    @Override
    public void awaitReady(BooleanSupplier ready, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new StackException("The " + name + " ended with code " + process.exitValue()
                            + " instead of starting. " + logTail());
                }
                if (System.nanoTime() > deadline) {
                    throw new StackException(
                            "The " + name + " was not ready within " + timeout.toMillis() + " ms. " + logTail());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while waiting for the " + name, e);
        }
    }

    @Override
    public void pause() {
        if (stopped.isEmpty()) {
            stopped = Optional.of(Stopped.of(name, pid()));
        }
    }

    @Override
    public void resume() {
        stopped.ifPresent(Stopped::close);
        stopped = Optional.empty();
    }

    /** Ends the process at once, as kill -9 does, and waits until it is gone. */
    @Override
    public void kill() {
        process.destroyForcibly();
        awaitEnd(STOP);
        resume(); // ends what kept it stopped
    }

    /** Asks the process to stop in order; ends it by force after {@link Tether#GRACE} and a little. */
    @Override
    public void close() {
        requestStop();
        if (!awaitEnd(STOP)) {
            kill();
        }
    }

    /** Asks the process to stop in order and returns at once; a paused one goes on for that. */
    public void requestStop() {
        process.destroy();
        resume();
    }

    /** Waits for the end; false if it still runs afterwards. */
    public boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Whether this process (not one before it) has written this text to its log. */
    public boolean hasLogged(String text) {
        return output().contains(text);
    }

    /** The exit code; empty while the process runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** The last lines of this process's output and where the log stands, for messages. */
    public String logTail() {
        List<String> lines = output().lines().toList();
        List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return "The end of its log " + log + ":\n  " + String.join("\n  ", tail);
    }

    private String output() {
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(logStart);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
