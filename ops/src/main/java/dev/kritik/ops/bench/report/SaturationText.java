/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.ops.bench.Spread;

/** What {@code kritik bench saturation} has measured, as Markdown. */
public final class SaturationText {

    static final String KIND = "saturation";
    static final String LATENCY = "latency";

    private SaturationText() {}

    /** Ratios first, then the tables; nothing where there are no such results. */
    public static String of(Rows rows) {
        StringBuilder text = new StringBuilder();
        Rows ideal = rows.kind(KIND).where("who", "ideal");
        Rows kritik = rows.kind(KIND).where("who", "kritik");
        List<Double> places = kritik.ratios(ideal, "/place_use");
        if (!places.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "Of %d places at the judge Kritik keeps **%s %%** of what the judge alone does busy with useful work, and"
                            + " gets %s %% of its calls a second.%n%n",
                    kritik.first().path("capacity").asInt(),
                    Spread.of(places).words(100, 1),
                    Spread.of(kritik.ratios(ideal, "/calls_per_second")).words(100, 1)));
            text.append("| | calls/s | rewards/s | places in use | waiting at the judge | groups not OK |\n");
            text.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
            throughput(text, "the judge alone", ideal);
            throughput(text, "Kritik", kritik);
            text.append('\n');
        }
        Rows latency = rows.kind(LATENCY);
        if (!latency.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "At %.0f %% of the judge's capacity (%.1f groups/s, open loop) Kritik adds **%s ms** at the median and %s ms"
                            + " at the 99th percentile to the judge's own time of a group.%n%n",
                    100 * latency.mean("/load"),
                    latency.mean("/groups_per_second"),
                    latency.words("/added_ms/p50", 1, 0),
                    latency.words("/added_ms/p99", 1, 0)));
            text.append("| milliseconds | p50 | p99 |\n| --- | ---: | ---: |\n");
            percentiles(text, "latency of a group", latency, "/latency_ms");
            percentiles(text, "the judge's own time", latency, "/judge_ms");
            percentiles(text, "added", latency, "/added_ms");
            for (String stage : stages(latency)) {
                percentiles(text, "… " + stage.substring(2), latency, "/stages_ms/" + stage);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static List<String> stages(Rows latency) {
        return latency.first()
                .path("stages_ms")
                .propertyStream()
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Medians of the stages, in milliseconds, the judge's own left out; in their order. */
    static Map<String, Double> medians(Rows rows) {
        Rows latency = rows.kind(LATENCY);
        Map<String, Double> medians = new LinkedHashMap<>();
        if (!latency.isEmpty()) {
            stages(latency).stream()
                    .filter(stage -> !stage.contains("begun to judged"))
                    .forEach(stage -> medians.put(stage.substring(2), latency.mean("/stages_ms/" + stage + "/p50")));
        }
        return medians;
    }

    private static void throughput(StringBuilder text, String name, Rows rows) {
        text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s %% | %s | %d |%n",
                name,
                rows.words("/calls_per_second", 1, 1),
                rows.words("/rewards_per_second", 1, 1),
                rows.words("/place_use", 100, 1),
                rows.words("/waiting_at_judge", 1, 1),
                rows.sum("/groups_not_ok")));
    }

    private static void percentiles(StringBuilder text, String name, Rows rows, String pointer) {
        text.append("| ")
                .append(name)
                .append(" | ")
                .append(rows.words(pointer + "/p50", 1, 0))
                .append(" | ")
                .append(rows.words(pointer + "/p99", 1, 0))
                .append(" |\n");
    }

    /** Whether a row is one of these. */
    static boolean is(JsonNode row) {
        return List.of(KIND, LATENCY).contains(row.path("bench").asText());
    }
}
