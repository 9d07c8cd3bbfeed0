/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik bench report}: what benches have measured, as text and drawings. */
@Command(
        name = "report",
        description = {
            "Write a report on runs of 'kritik bench saturation', 'ceiling' and 'peers', and of 'kritik faults': Markdown with tables,"
                    + " ratios first, the machine named, and drawings (SVG, light or dark as the reader's system is). It measures"
                    + " nothing."
        },
        footer = {
            "",
            "Example:",
            "  kritik bench report runs/saturation runs/ceiling runs/recovery --out docs/benchmarks"
        })
public final class ReportCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINES = ".jsonl";
    private static final String FAULTS = "report.json";

    @Mixin
    private CommonOptions common;

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description =
                    "Folders that benches or faults have written, folders of several runs of faults, or files with the lines that"
                            + " --json of a bench prints.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder for the report; files of the same name are written over.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<BenchReport.Run> read = new ArrayList<>();
        for (Path run : runs) {
            read.add(read(run));
        }
        BenchReport report = BenchReport.of(read);
        Files.createDirectories(out);
        for (Map.Entry<String, String> file : report.files().entrySet()) {
            Path path = out.resolve(file.getKey());
            Files.writeString(path, file.getValue());
            common.out()
                    .println(
                            common.json() ? JSON.writeValueAsString(Map.of("file", path.toString())) : path.toString());
        }
        common.out().flush();
        return ExitCode.OK;
    }

    private BenchReport.Run read(Path run) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        List<Path> files = List.of(run);
        if (Files.isDirectory(run)) {
            for (Path file : files(run, 2, FAULTS)) {
                faults(file, rows);
            }
            files = rows.isEmpty() ? files(run, 1, LINES) : List.of();
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new CommandFailed("there is no folder or file '" + file + "'");
            }
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    row(file, number, line, rows);
                }
            }
        }
        if (rows.isEmpty()) {
            throw new CommandFailed("'" + run + "' holds no results: a bench writes them to results" + LINES);
        }
        return new BenchReport.Run(name(run), new Rows(rows));
    }

    private static List<Path> files(Path folder, int depth, String ending) throws IOException {
        try (Stream<Path> there = Files.walk(folder, depth)) {
            return there.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** The report of a run of faults. */
    private static void faults(Path file, List<JsonNode> rows) throws IOException {
        if (JSON.readTree(Files.readString(file)) instanceof ObjectNode report && report.has("faults")) {
            boolean first =
                    rows.stream().noneMatch(row -> row.path("bench").asText().equals("machine"));
            if (first && report.path("machine").isObject()) {
                rows.add(report.path("machine"));
            }
            rows.add(report.put("bench", FaultsText.KIND));
        }
    }

    /** The last line of a run that was killed may be half a line: the others stand. */
    private void row(Path file, int number, String line, List<JsonNode> rows) {
        try {
            JsonNode row = JSON.readTree(line);
            if (row.path("bench").isTextual()) {
                rows.add(row);
                return;
            }
            common.err().println(file + ", line " + number + " is left out: it names no \"bench\"");
        } catch (JsonProcessingException e) {
            common.err().println(file + ", line " + number + " is left out: no JSON: " + e.getOriginalMessage());
        }
        common.err().flush();
    }

    private static String name(Path run) {
        String name = run.toAbsolutePath().normalize().getFileName().toString();
        return (name.endsWith(LINES) ? name.substring(0, name.length() - LINES.length()) : name)
                .replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
