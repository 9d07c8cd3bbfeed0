/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@code kritik bench ceiling} has measured, as Markdown. */
public final class CeilingText {

    static final String KIND = "ceiling";

    private static final double MIB = 1.0 / (1 << 20);

    private static final List<Column> COLUMNS = List.of(
            new Column("answered by", rows -> rows.first().path("mode").asText()),
            new Column("k", rows -> rows.first().path("k").asText()),
            new Column("group size", rows -> rows.first().path("group_size").asText()),
            new Column("characters", rows -> rows.first().path("response_chars").asText()),
            new Column("open groups", rows -> rows.first().path("open_groups").asText()),
            new Column("of the pass-through's records/s", rows -> percent(rows.words("/of_pass_through", 100, 1))),
            new Column("of its records per CPU second", rows -> percent(rows.words("/cpu_of_pass_through", 100, 1))),
            new Column("records/s", rows -> rows.words("/records_per_second", 1, 0)),
            new Column("groups/s", rows -> rows.words("/groups_per_second", 1, 1)),
            new Column("samples/s", rows -> rows.words("/samples_per_second", 1, 0)),
            new Column("CPU ms/sample, stream-app", rows -> rows.words("/cpu_ms_per_sample/stream", 1, 2)),
            new Column("… broker", rows -> rows.words("/cpu_ms_per_sample/broker", 1, 2)),
            new Column("… worker", rows -> rows.words("/cpu_ms_per_sample/worker", 1, 2)),
            new Column("bytes/sample on topics", rows -> rows.words(CeilingText::bytes, 1, 0)),
            new Column("state, MiB", rows -> rows.words("/state_bytes", MIB, 1)),
            new Column("memory, MiB", rows -> rows.words("/stream_memory_bytes", MIB, 0)),
            new Column("groups not OK", rows -> Long.toString(rows.sum("/groups_not_ok"))));

    /** A column of the tables. */
    private record Column(String title, Function<Rows, String> cell) {}

    private CeilingText() {}

    /** A table for each series; nothing where there are no such results. Columns without any figure are left out. */
    public static String of(Rows rows) {
        StringBuilder text = new StringBuilder();
        for (Rows series : rows.kind(KIND).by("series")) {
            text.append("By ").append(series.first().path("series").asText()).append(":\n\n");
            List<Rows> cases = cases(series);
            List<Column> shown = COLUMNS.stream()
                    .filter(column -> cases.stream()
                            .anyMatch(each -> !column.cell().apply(each).isEmpty()))
                    .toList();
            line(text, shown.stream().map(Column::title).toList());
            line(
                    text,
                    shown.stream()
                            .map(column -> column.equals(COLUMNS.getFirst()) ? "---" : "---:")
                            .toList());
            for (Rows each : cases) {
                line(
                        text,
                        shown.stream().map(column -> column.cell().apply(each)).toList());
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static List<Rows> cases(Rows series) {
        return series.by("mode", "k", "group_size", "response_chars", "open_groups");
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String percent(String words) {
        return words.isEmpty() ? "" : words + " %";
    }

    private static double bytes(JsonNode row) {
        return row.path("bytes_per_sample")
                .valueStream()
                .mapToDouble(JsonNode::asDouble)
                .sum();
    }

    /** Points of a series: what is varied and the mean of a figure, by mode. */
    static Map<String, List<LinePlot.Point>> points(Rows rows, String series, String varied, String pointer) {
        Map<String, List<LinePlot.Point>> lines = new LinkedHashMap<>();
        for (Rows each : cases(rows.kind(KIND).where("series", series))) {
            lines.computeIfAbsent(each.first().path("mode").asText(), mode -> new ArrayList<>())
                    .add(new LinePlot.Point(each.first().path(varied).asDouble(), each.mean(pointer)));
        }
        lines.values().forEach(points -> points.sort(Comparator.comparingDouble(LinePlot.Point::x)));
        return lines;
    }
}
