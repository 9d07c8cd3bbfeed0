/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code kritik faults} found in one run or in several, as Markdown. */
final class FaultsText {

    static final String KIND = "faults";

    private static final double SECOND = 1000;

    private FaultsText() {}

    /** Sums over all runs, and a table of the faults; nothing where there are no such results. */
    static String of(Rows rows) {
        Rows runs = rows.kind(KIND);
        if (runs.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "**%d violations** in %d runs (seeds %s): %d faults, %d rollouts, %d groups, %d critiques.%n%n",
                runs.sum("/violations"),
                runs.all().size(),
                seeds(runs),
                faults(runs).values().stream()
                        .flatMap(kind -> kind.all().stream())
                        .mapToLong(kind -> kind.path("times").asLong())
                        .sum(),
                runs.sum("/totals/rollouts"),
                runs.sum("/totals/groups"),
                runs.sum("/totals/critiques")));
        double judge = seconds(runs, "/totals/judge_seconds");
        double wasted = seconds(runs, "/totals/judge_seconds_wasted");
        text.append(String.format(
                Locale.ROOT,
                "Not counted twice: %d critiques that came again, and %d rollouts. Of the judge's %.0f seconds %.0f were wasted"
                        + " (%.1f %%): on critiques that came again or too late, or that nobody waited for.%n%n",
                runs.sum("/totals/critiques_repeated"),
                runs.sum("/totals/rollouts_repeated"),
                judge,
                wasted,
                judge > 0 ? 100 * wasted / judge : 0));
        text.append("| fault | times | measured | until work went on, s: median | worst |\n");
        text.append("| --- | ---: | ---: | ---: | ---: |\n");
        faults(runs)
                .forEach((name, kind) -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %s | %s |%n",
                        name,
                        kind.sum("/times"),
                        kind.sum("/measured"),
                        words(median(kind)),
                        words(worst(kind)))));
        text.append(
                "\nThe median is that of the runs' medians. What is measured differs by kind, see docs/faults.md; faults that"
                        + " overlap lengthen each other's times.\n\n");
        return text.toString();
    }

    /** Medians in seconds by fault, of those that were measured. */
    static Map<String, Double> medians(Rows rows) {
        Map<String, Double> medians = new LinkedHashMap<>();
        faults(rows.kind(KIND)).forEach((name, kind) -> {
            double median = median(kind);
            if (!Double.isNaN(median)) {
                medians.put(name, median);
            }
        });
        return medians;
    }

    private static Map<String, Rows> faults(Rows runs) {
        return runs.all().stream()
                .flatMap(run -> run.path("faults").valueStream())
                .collect(Collectors.groupingBy(
                        fault -> fault.path("fault").asText(),
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), Rows::new)));
    }

    /** All of them, those in a row as from where to where they go. */
    private static String seeds(Rows runs) {
        long[] seeds = runs.all().stream()
                .mapToLong(run -> run.path("seed").asLong())
                .sorted()
                .toArray();
        List<String> words = new ArrayList<>();
        for (int first = 0, next; first < seeds.length; first = next) {
            for (next = first + 1; next < seeds.length && seeds[next] == seeds[next - 1] + 1; ) {
                next++;
            }
            words.add(next - first == 1 ? "" + seeds[first] : seeds[first] + " to " + seeds[next - 1]);
        }
        return String.join(", ", words);
    }

    private static double seconds(Rows runs, String pointer) {
        return runs.all().stream()
                .mapToDouble(run -> run.at(pointer).asDouble())
                .sum();
    }

    private static double median(Rows kind) {
        List<Double> medians = measured(kind, "recovery_median_ms");
        return medians.isEmpty() ? Double.NaN : medians.get(medians.size() / 2);
    }

    private static double worst(Rows kind) {
        List<Double> worst = measured(kind, "recovery_worst_ms");
        return worst.isEmpty() ? Double.NaN : worst.getLast();
    }

    private static List<Double> measured(Rows kind, String field) {
        return kind.all().stream()
                .map(fault -> fault.path(field))
                .filter(JsonNode::isNumber)
                .map(ms -> ms.asDouble() / SECOND)
                .sorted()
                .toList();
    }

    private static String words(double seconds) {
        return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.1f", seconds);
    }
}
