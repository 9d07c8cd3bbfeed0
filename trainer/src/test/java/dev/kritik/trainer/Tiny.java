/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.kritik.trainer.run.TrainJob;

/** A tiny model of the module language-model, and data that it can learn in seconds. */
public final class Tiny {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Tiny() {}

    /** Skips the test in a build without PyTorch's natives ({@code ./kritik test} has them). */
    public static void assumeNatives() {
        assumeTrue(
                Tiny.class.getResource("/native/lib/pytorch.properties") != null,
                "PyTorch's natives are not in this build: run with -Pdjl");
    }

    /** A checkpoint with random weights. */
    public static Path model(String name) {
        return Path.of(System.getProperty("kritik.root"), "language-model/src/test/resources/checkpoints", name);
    }

    /** A job on one thread with small batches and a brief prompt; more keys are stronger. */
    public static TrainJob job(Path model, Path data, Path out, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "train.threads", "1",
                "train.batch", "4",
                "train.warmup.steps", "0",
                "train.prompt", "brief-v1",
                "rl.drop.easy", "0",
                "rl.max.tokens", "14",
                "eval.max.tokens", "14"));
        config.putAll(more);
        return new TrainJob(model, List.of(data), List.of(), Optional.empty(), out, false, config);
    }

    /** The same with a file to evaluate on. */
    public static TrainJob evaluated(TrainJob job, Path eval) {
        return new TrainJob(
                job.model(), job.data(), job.mix(), Optional.of(eval), job.out(), job.resume(), job.config());
    }

    /** A line of the chat-messages form; a label where it is not null. */
    public static String chat(String user, String assistant, Integer label) {
        ObjectNode line = JSON.createObjectNode();
        line.putArray("messages")
                .add(JSON.createObjectNode().put("role", "user").put("content", user))
                .add(JSON.createObjectNode().put("role", "assistant").put("content", assistant));
        if (label != null) {
            line.put("label", label);
        }
        return line.toString();
    }

    /** A task with one response. */
    public static String task(String query, String response, int score) {
        ObjectNode line = JSON.createObjectNode().put("score", score);
        line.putArray("messages")
                .add(JSON.createObjectNode().put("role", "user").put("content", query));
        line.putArray("responses").add(response);
        return line.toString();
    }

    /** Writes lines. */
    public static Path write(Path file, List<String> lines) throws IOException {
        return Files.write(file, lines);
    }

    /** The metrics of a run, without what takes time. */
    public static List<JsonNode> metrics(Path out) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
            ObjectNode json = (ObjectNode) JSON.readTree(line);
            lines.add(json.without(List.of("seconds", "generate_seconds", "learn_seconds")));
        }
        return lines;
    }

    /** The bytes of a folder's files by name. */
    public static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                contents.put(
                        file.getFileName().toString(), java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
