/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a run was started with, as its folder says.
 *
 * @param keys empty if it doesn't say
 */
record RunSettings(Properties keys) {

    /** What makes no difference to what is learnt. */
    private static final Set<String> FREE = Set.of(
            "run.data",
            "run.eval",
            "run.model",
            "grpo.job",
            "grpo.patience.ms",
            "train.threads",
            "train.checkpoint.every",
            "train.checkpoint.keep");

    static RunSettings read(Path run) throws IOException {
        Properties keys = new Properties();
        Path file = run.resolve("config.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                keys.load(reader);
            }
        }
        return new RunSettings(keys);
    }

    /** In which keys another run differs, in words; none if one of the two doesn't say. */
    List<String> differences(RunSettings other) {
        if (keys.isEmpty() || other.keys.isEmpty()) {
            return List.of();
        }
        Set<String> names = new TreeSet<>(keys.stringPropertyNames());
        names.addAll(other.keys.stringPropertyNames());
        names.removeAll(FREE);
        return names.stream()
                .filter(name -> !Objects.equals(keys.getProperty(name), other.keys.getProperty(name)))
                .map(name -> name + " (" + keys.getProperty(name, "not set") + " and "
                        + other.keys.getProperty(name, "not set") + ")")
                .toList();
    }

    /** How many queries it is evaluated on; empty if their file is not there any more. */
    OptionalLong heldOut() throws IOException {
        String eval = keys.getProperty("run.eval", "");
        if (eval.isEmpty() || !Files.isRegularFile(Path.of(eval))) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(Path.of(eval))) {
            long count = lines.filter(line -> !line.isBlank()).count();
            return count == 0 ? OptionalLong.empty() : OptionalLong.of(count);
        }
    }
}
