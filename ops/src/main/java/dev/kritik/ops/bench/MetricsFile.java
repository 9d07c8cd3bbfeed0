/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.cli.CommandFailed;

/**
 * The metrics of a run of {@code kritik train grpo}, finished or not.
 *
 * @param file where they stand
 * @param lines at least one, in the order of their steps
 */
record MetricsFile(Path file, List<Line> lines) {

    private static final String NAME = "metrics.jsonl";
    private static final ObjectMapper JSON = new ObjectMapper();

    MetricsFile {
        lines = List.copyOf(lines);
    }

    /**
     * A line.
     *
     * @param number its place in the file, from 1 on
     */
    record Line(Path file, int number, JsonNode values) {

        boolean has(String name) {
            return values.has(name);
        }

        int step() {
            return (int) number("step");
        }

        /**
         * A figure.
         *
         * @throws CommandFailed if it is not there, or is no number
         */
        double number(String name) {
            JsonNode value = values.path(name);
            if (!value.isNumber()) {
                throw new CommandFailed(file + ", line " + number + ": '" + name + "' "
                        + (value.isMissingNode() ? "is missing" : "is no number")
                        + ". Is it a run of 'kritik train grpo'?");
            }
            return value.doubleValue();
        }
    }

    /**
     * Reads the metrics in the folder of a run. A last line that is being written is left out.
     *
     * @throws CommandFailed naming file and line
     */
    static MetricsFile read(Path run) throws IOException {
        Path file = run.resolve(NAME);
        if (!Files.exists(file)) {
            throw new CommandFailed(
                    "'" + run + "' has no " + NAME + ": give the folder (--out) of a run of" + " 'kritik train grpo'");
        }
        String text = Files.readString(file);
        List<String> texts = text.lines().toList();
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            boolean whole = i < texts.size() - 1 || text.endsWith("\n");
            if (whole) {
                lines.add(new Line(file, i + 1, parse(file, i + 1, texts.get(i))));
            }
        }
        if (lines.isEmpty()) {
            throw new CommandFailed(file + " has no line yet: wait for the first step");
        }
        return new MetricsFile(file, lines);
    }

    private static JsonNode parse(Path file, int number, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CommandFailed(file + ", line " + number + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
