/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import dev.kritik.ops.bench.Spread;

/**
 * Results of one run of a bench, in their order.
 *
 * @param all objects that name their kind as {@code bench}
 */
public record Rows(List<JsonNode> all) {

    public Rows {
        all = List.copyOf(all);
    }

    /** Those of a kind. */
    Rows kind(String bench) {
        return where("bench", bench);
    }

    /** Those with a text in a field. */
    Rows where(String field, String text) {
        return new Rows(all.stream()
                .filter(row -> row.path(field).asText().equals(text))
                .toList());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    JsonNode first() {
        return all.getFirst();
    }

    /** Rounds of the same thing: rows that have the same values in these fields. */
    List<Rows> by(String... fields) {
        Map<List<String>, List<JsonNode>> groups = all.stream()
                .collect(Collectors.groupingBy(
                        row -> Arrays.stream(fields)
                                .map(field -> row.path(field).toString())
                                .toList(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return new ArrayList<>(groups.values().stream().map(Rows::new).toList());
    }

    /** A figure over all rows, in so many digits; empty where no row has it. */
    String words(String pointer, double times, int digits) {
        return words(row -> row.at(pointer).asDouble(Double.NaN), times, digits);
    }

    /** The same of a figure that is computed; NaN where a row has none. */
    String words(ToDoubleFunction<JsonNode> figure, double times, int digits) {
        List<Double> values = all.stream()
                .map(figure::applyAsDouble)
                .filter(value -> !value.isNaN())
                .toList();
        return values.isEmpty() ? "" : Spread.of(values).words(times, digits);
    }

    double mean(String pointer) {
        return all.stream()
                .mapToDouble(row -> row.at(pointer).asDouble(Double.NaN))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    long sum(String pointer) {
        return all.stream().mapToLong(row -> row.at(pointer).asLong()).sum();
    }

    /**
     * A figure against that of the row of another kind in the same round: what slows a machine down for a while slows both.
     * Rounds that lack one of them are left out.
     */
    List<Double> ratios(Rows others, String pointer) {
        Map<Integer, Double> reference = new LinkedHashMap<>();
        others.all.forEach(
                row -> reference.put(row.path("round").asInt(), row.at(pointer).asDouble(Double.NaN)));
        return all.stream()
                .filter(row -> reference.containsKey(row.path("round").asInt()))
                .map(row -> row.at(pointer).asDouble(Double.NaN)
                        / reference.get(row.path("round").asInt()))
                .filter(value -> !value.isNaN() && !value.isInfinite())
                .toList();
    }
}
