/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own programs, where this machine has them. */
final class PrometheusTools {

    /** Folder with the programs; without it they are looked for on the PATH. */
    private static final String FOLDER = "KRITIK_PROMETHEUS";

    static final Path RULES = Path.of(System.getProperty("kritik.root"), "ops", "prometheus");

    private PrometheusTools() {}

    /** Where a program is; empty where it is not installed. */
    static Optional<Path> find(String program) {
        Stream<String> folders = Optional.ofNullable(System.getenv(FOLDER))
                .map(Stream::of)
                .orElseGet(
                        () -> Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)));
        return folders.filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs promtool; fails with what it printed if it ends with another code than 0. */
    static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(find("promtool").orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(RULES.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
