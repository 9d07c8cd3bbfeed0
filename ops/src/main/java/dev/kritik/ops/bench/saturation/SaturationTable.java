/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import dev.kritik.ops.bench.Spread;
import dev.kritik.ops.bench.load.Percentiles;

/**
 * The figures of {@link SaturationBench}: for people in Markdown, for programs as an object.
 *
 * @param throughputs of all rounds: an ideal and a Kritik one of each
 * @param added of the rounds in which it was measured
 */
record SaturationTable(List<Throughput> throughputs, List<Added> added) {

    /** Kritik's share of the ideal, of each round by itself: what slows the machine down for a while slows both. */
    Spread ofIdeal(ToDoubleFunction<Throughput> figure) {
        return Spread.of(of(Throughput.KRITIK).stream()
                .map(run -> figure.applyAsDouble(run) / figure.applyAsDouble(ideal(run.round())))
                .toList());
    }

    private List<Throughput> of(String who) {
        return throughputs.stream().filter(run -> run.who().equals(who)).toList();
    }

    private Throughput ideal(int round) {
        return of(Throughput.IDEAL).stream()
                .filter(run -> run.round() == round)
                .findFirst()
                .orElseThrow();
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        if (!throughputs.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "Kritik keeps %s %% of the places busy that the judge alone does, with %s %% of its calls a second.%n%n",
                    ofIdeal(Throughput::use).words(100, 1),
                    ofIdeal(run -> run.work().callsPerSecond()).words(100, 1)));
            text.append("| | calls/s | rewards/s | places in use | waiting at the judge | groups not OK |\n");
            text.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
            row(text, "the judge alone", Throughput.IDEAL);
            row(text, "Kritik", Throughput.KRITIK);
            text.append('\n');
        }
        if (!added.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "At %.0f %% of the judge's capacity Kritik adds %s ms to the judge's own time at the median, %s ms at the"
                            + " 99th percentile.%n%n",
                    100 * added.getFirst().load(),
                    spread(run -> run.added().p50()).words(1, 0),
                    spread(run -> run.added().p99()).words(1, 0)));
            text.append("| ms | p50 | p99 |\n| --- | ---: | ---: |\n");
            row(text, "latency of a group", Added::latency);
            row(text, "the judge's own time", Added::judge);
            row(text, "added", Added::added);
            for (String stage : added.getFirst().stages().keySet()) {
                row(text, "… " + stage, run -> run.stages().get(stage));
            }
        }
        return text.toString();
    }

    private void row(StringBuilder text, String name, String who) {
        text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s %% | %s | %d |%n",
                name,
                spread(who, run -> run.work().callsPerSecond()).words(1, 1),
                spread(who, Throughput::rewardsPerSecond).words(1, 1),
                spread(who, Throughput::use).words(100, 1),
                spread(who, run -> run.work().waiting()).words(1, 1),
                of(who).stream().mapToLong(Throughput::notOk).sum()));
    }

    private Spread spread(String who, ToDoubleFunction<Throughput> figure) {
        return Spread.of(of(who).stream().map(figure::applyAsDouble).toList());
    }

    private Spread spread(ToDoubleFunction<Added> figure) {
        return Spread.of(added.stream().map(figure::applyAsDouble).toList());
    }

    private void row(StringBuilder text, String name, Function<Added, Percentiles> figure) {
        text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s |%n",
                name,
                spread(run -> figure.apply(run).p50()).words(1, 0),
                spread(run -> figure.apply(run).p99()).words(1, 0)));
    }

    Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "saturation-summary");
        if (!throughputs.isEmpty()) {
            values.put("rounds", of(Throughput.KRITIK).size());
            values.put("place_use_of_ideal", ofIdeal(Throughput::use));
            values.put("calls_of_ideal", ofIdeal(run -> run.work().callsPerSecond()));
        }
        if (!added.isEmpty()) {
            values.put("added_p50_ms", spread(run -> run.added().p50()));
            values.put("added_p99_ms", spread(run -> run.added().p99()));
        }
        return values;
    }
}
