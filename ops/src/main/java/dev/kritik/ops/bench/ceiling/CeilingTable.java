/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import dev.kritik.ops.bench.Spread;

/** The figures of {@link CeilingBench} for people, in Markdown: a table for each series. */
record CeilingTable(List<CeilingResult> results) {

    private static final double MIB = 1 << 20;

    String markdown() {
        StringBuilder text = new StringBuilder();
        Map<String, List<CeilingResult>> series = results.stream()
                .collect(Collectors.groupingBy(
                        result -> result.of().series(), LinkedHashMap::new, Collectors.toList()));
        series.forEach((name, all) -> {
            text.append("Series: ").append(name).append("\n\n");
            table(text, all);
            text.append('\n');
        });
        return text.toString();
    }

    private static void table(StringBuilder text, List<CeilingResult> all) {
        text.append("| answered by | k | group size | characters | open groups | of the pass-through | records/s | groups/s |"
                + " samples/s | CPU ms/sample: stream-app / broker | bytes/sample on topics | state, MiB | memory, MiB |\n");
        text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        Map<CeilingCase, List<CeilingResult>> cases = all.stream()
                .collect(Collectors.groupingBy(CeilingResult::of, LinkedHashMap::new, Collectors.toList()));
        cases.forEach((of, rounds) -> {
            List<Double> shares = rounds.stream()
                    .flatMap(result -> result.ofPass().stream())
                    .toList();
            List<String> cells = new ArrayList<>(List.of(
                    of.mode().title(),
                    Integer.toString(of.k()),
                    Integer.toString(of.groupSize()),
                    Integer.toString(of.responseChars()),
                    Integer.toString(of.openGroups()),
                    shares.isEmpty() ? "" : Spread.of(shares).words(100, 1) + " %",
                    words(rounds, CeilingResult::recordsPerSecond, 0),
                    words(rounds, CeilingResult::groupsPerSecond, 1),
                    words(rounds, CeilingResult::samplesPerSecond, 0),
                    cpu(rounds, "stream") + " / " + cpu(rounds, "broker"),
                    words(
                            rounds,
                            result -> result.bytesPerSample().values().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .sum(),
                            0),
                    words(rounds, result -> result.stateBytes() / MIB, 1),
                    words(rounds, result -> result.memoryBytes() / MIB, 0)));
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        });
    }

    private static String cpu(List<CeilingResult> rounds, String role) {
        return words(rounds, result -> result.cpuMsPerSample().getOrDefault(role, 0.0), 3);
    }

    private static String words(List<CeilingResult> rounds, ToDoubleFunction<CeilingResult> figure, int digits) {
        return spread(rounds, figure::applyAsDouble).words(1, digits);
    }

    private static Spread spread(List<CeilingResult> rounds, Function<CeilingResult, Double> figure) {
        return Spread.of(rounds.stream().map(figure).toList());
    }

    /** For programs: each case with a pass-through, over all rounds. */
    List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        Map<CeilingCase, List<CeilingResult>> cases = results.stream()
                .filter(result -> result.pass().isPresent())
                .collect(Collectors.groupingBy(CeilingResult::of, LinkedHashMap::new, Collectors.toList()));
        cases.forEach((of, rounds) -> {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("bench", "ceiling-summary");
            values.put("mode", of.mode().word());
            values.put("k", of.k());
            values.put("rounds", rounds.size());
            values.put("of_pass_through", spread(rounds, result -> result.ofPass().orElseThrow()));
            values.put("records_per_second", spread(rounds, CeilingResult::recordsPerSecond));
            values.put("groups_per_second", spread(rounds, CeilingResult::groupsPerSecond));
            objects.add(values);
        });
        return objects;
    }
}
