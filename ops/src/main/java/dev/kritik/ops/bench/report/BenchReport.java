/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A report on several runs: text and drawings.
 *
 * @param files contents by name; the text is {@link #TEXT}
 */
record BenchReport(Map<String, String> files) {

    static final String TEXT = "README.md";

    private static final Set<String> SHOWN = Set.of(
            "machine", SaturationText.KIND, SaturationText.LATENCY, CeilingText.KIND, PeersText.KIND, FaultsText.KIND);

    private static final String HEAD = """
            # Benchmarks

            Written by `kritik bench report` from what the benches have measured; nothing here is typed by hand. Contenders of a bench
            took turns in one run on one machine. Where there were several rounds, a figure is their mean, and the least and the greatest
            stand in brackets; ratios are those of each round by itself.

            """;

    /** A run of a bench: its folder's name and its results. */
    record Run(String name, Rows rows) {}

    static BenchReport of(List<Run> runs) {
        Map<String, String> files = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder(HEAD);
        machines(text, runs);
        for (Run run : runs) {
            section(text, run, files);
        }
        files.put(TEXT, text.toString().stripTrailing() + "\n");
        return new BenchReport(files);
    }

    private static void machines(StringBuilder text, List<Run> runs) {
        text.append("## Machine\n\n");
        text.append(
                "| run | when (UTC) | processor | cores | memory | system | Java | Kafka: clients / broker | Kritik | load before |\n");
        text.append("| --- | --- | --- | ---: | ---: | --- | --- | --- | --- | ---: |\n");
        for (Run run : runs) {
            for (JsonNode machine : run.rows().kind("machine").all()) {
                text.append("| ")
                        .append(String.join(
                                " | ",
                                run.name(),
                                machine.path("at").asText(),
                                machine.path("cpu").asText(),
                                machine.path("cores").asText(),
                                machine.path("memory_gib").asText() + " GiB",
                                machine.path("os").asText(),
                                machine.path("java").asText(),
                                machine.path("kafka_clients").asText() + " / "
                                        + machine.path("kafka_broker").asText(),
                                machine.path("kritik").asText(),
                                machine.path("load_before").isNumber()
                                        ? String.format(
                                                Locale.ROOT,
                                                "%.1f",
                                                machine.path("load_before").asDouble())
                                        : ""))
                        .append(" |\n");
            }
        }
        text.append(
                "\nA load before the run above 0.5 means that others were at work on the machine: then times are worse than the"
                        + " machine's, and ratios of rounds hold better than figures.\n\n");
    }

    private static void section(StringBuilder text, Run run, Map<String, String> files) {
        text.append("## ").append(run.name()).append("\n\n");
        settings(text, run.rows());
        text.append(SaturationText.of(run.rows()));
        Map<String, Double> medians = SaturationText.medians(run.rows());
        if (!medians.isEmpty()) {
            String title = "Where the time goes that is not the judge's: medians, milliseconds";
            picture(text, files, run.name() + "-stages.svg", title, BarPlot.draw(title, medians));
        }
        text.append(CeilingText.of(run.rows()));
        ceiling(text, run, files, "k", "k", "samples of each response (k)");
        ceiling(text, run, files, "group-size", "group_size", "members of a group");
        ceiling(text, run, files, "response-chars", "response_chars", "characters of a response");
        ceiling(text, run, files, "open-groups", "open_groups", "groups that are open meanwhile");
        text.append(PeersText.of(run.rows()));
        Map<String, Double> rates = PeersText.rates(run.rows());
        if (!rates.isEmpty()) {
            String title = "Rewards a second, against the same judge";
            picture(text, files, run.name() + "-peers.svg", title, BarPlot.draw(title, rates));
        }
        text.append(FaultsText.of(run.rows()));
        Map<String, Double> recovery = FaultsText.medians(run.rows());
        if (!recovery.isEmpty()) {
            String title = "Until work went on after a fault: medians, seconds";
            picture(text, files, run.name() + "-recovery.svg", title, BarPlot.draw(title, recovery));
        }
        Set<String> others = run.rows().all().stream()
                .map(row -> row.path("bench").asText("(none)"))
                .filter(kind -> !SHOWN.contains(kind) && !kind.endsWith("-summary"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!others.isEmpty()) {
            text.append("Not shown: results of the kinds ")
                    .append(String.join(", ", others))
                    .append(".\n\n");
        }
    }

    private static void settings(StringBuilder text, Rows rows) {
        Map<String, String> settings = new TreeMap<>();
        rows.kind("machine")
                .all()
                .forEach(machine -> machine.path("settings")
                        .propertyStream()
                        .forEach(entry ->
                                settings.put(entry.getKey(), entry.getValue().asText())));
        if (!settings.isEmpty()) {
            text.append("Settings: ")
                    .append(settings.entrySet().stream()
                            .map(entry -> "`" + entry.getKey() + "=" + entry.getValue() + "`")
                            .collect(Collectors.joining(", ")))
                    .append("\n\n");
        }
    }

    private static void ceiling(
            StringBuilder text, Run run, Map<String, String> files, String series, String varied, String words) {
        var lines = CeilingText.points(run.rows(), series, varied, "/groups_per_second");
        if (!lines.isEmpty()) {
            String title = "Groups a second by " + words;
            picture(
                    text,
                    files,
                    run.name() + "-" + series + ".svg",
                    title,
                    LinePlot.draw(title, words, "groups a second", lines));
        }
    }

    private static void picture(StringBuilder text, Map<String, String> files, String file, String title, String svg) {
        files.put(file, svg);
        text.append("![").append(title).append("](").append(file).append(")\n\n");
    }
}
