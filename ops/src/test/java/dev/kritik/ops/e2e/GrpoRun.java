/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.kritik.ops.cli.Child;

/** {@code kritik train grpo} in a process of its own, which is killed and started again with the same command. */
final class GrpoRun implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path out;
    private final List<String> arguments = new ArrayList<>();
    private Child child;
    private int starts;

    /**
     * A run; nothing is started yet.
     *
     * @param out its folder
     * @param model the policy to begin with
     * @param data queries
     * @param config everything else
     */
    GrpoRun(Path out, Path model, Path data, Map<String, String> config) {
        this.out = out;
        arguments.addAll(List.of("train", "grpo", "--model", model.toString(), "--data", data.toString()));
        arguments.addAll(List.of("--out", out.toString(), "--set", "train.threads=1"));
        config.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    }

    private GrpoRun(Path out, List<String> arguments, int starts) {
        this.out = out;
        this.arguments.addAll(arguments);
        this.starts = starts;
    }

    /** A second process with the same command. */
    GrpoRun again() {
        return new GrpoRun(out, arguments, 1_000 * starts);
    }

    int starts() {
        return starts;
    }

    void start() throws IOException {
        starts++;
        Path said = out.resolveSibling(out.getFileName() + "-" + starts);
        Files.createDirectories(said);
        child = Child.start(said, arguments);
    }

    /** As kill -9 does. */
    void kill() {
        child.close();
    }

    void interrupt() throws IOException, InterruptedException {
        child.interrupt();
    }

    /** Waits while it runs; whether it has ended. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return child.process().waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for its end; its exit code. */
    int ending(Duration patience) throws InterruptedException {
        assertThat(endsWithin(patience)).as("the training ends. " + lastWords()).isTrue();
        return child.process().exitValue();
    }

    /** The end of what it said. */
    String lastWords() {
        List<String> lines = child.err().lines().toList();
        return starts + ". start: " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    /** Whether a process of it has said this since it was started last. */
    boolean said(String text) {
        return child.err().contains(text);
    }

    /** Looks very often until something is so; fails if the process ends first. */
    void await(String what, Duration patience, Callable<Boolean> so) throws Exception {
        Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> so.call() || !child.process().isAlive());
        assertThat(so.call() || child.process().isAlive())
                .as(() -> what + ", but it ended with " + child.process().exitValue() + ". " + lastWords())
                .isTrue();
    }

    /** The last step in its metrics; 0 if there is none. */
    int step() {
        List<JsonNode> lines = lines("metrics.jsonl");
        return lines.isEmpty() ? 0 : lines.getLast().get("step").intValue();
    }

    /** The step of its newest checkpoint; 0 if there is none. */
    int checkpoint() {
        return checkpoints(name -> name.startsWith("step-")).stream()
                .mapToInt(name -> Integer.parseInt(name.substring("step-".length())))
                .max()
                .orElse(0);
    }

    /** Whether a checkpoint is there in half: one is being written, or was when the process was killed. */
    boolean isAmidCheckpoint() {
        return !checkpoints(name -> name.startsWith(".step-")).isEmpty();
    }

    private List<String> checkpoints(Predicate<String> which) {
        try (Stream<Path> all = Files.list(out.resolve("checkpoints"))) {
            return all.map(path -> path.getFileName().toString()).filter(which).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All whole lines of a file in its folder; none if it is not there. */
    List<JsonNode> lines(String file) {
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(out.resolve(file))) {
                lines.add(JSON.readTree(line));
            }
        } catch (NoSuchFileException | JsonProcessingException e) {
            // Not there yet, or being written right now.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** A JSON file in its folder. */
    JsonNode json(String file) throws IOException {
        return JSON.readTree(out.resolve(file).toFile());
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
