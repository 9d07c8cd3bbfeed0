/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.ops.bench.Spread;

/** What {@code kritik bench peers} has measured, as Markdown. */
final class PeersText {

    static final String KIND = "peers";

    /** What the others are held against: what most teams write. */
    private static final String REFERENCE = "asyncio";

    private PeersText() {}

    /** A table for each load and kind of faults; nothing where there are no such results. */
    static String of(Rows rows) {
        StringBuilder text = new StringBuilder();
        for (Rows terms : rows.kind(KIND).by("load", "faults")) {
            text.append(String.format(
                    Locale.ROOT,
                    "Load: %s; faults of the judge: %s.%n%n",
                    terms.first().path("load").asText(),
                    terms.first().path("faults").asText("none")));
            text.append("| contender | rewards/s against ")
                    .append(REFERENCE)
                    .append(" | rewards/s | latency p50, ms | p99, ms | right | wrong | default | said | lost |\n");
            text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            Rows reference = terms.where("contender", REFERENCE);
            for (Rows each : terms.by("contender", "version")) {
                List<Double> ratios = each.ratios(reference, "/rewards_per_s");
                text.append(String.format(
                        Locale.ROOT,
                        "| %s %s | %s | %s | %s | %s | %d | %d | %d | %d | %d |%n",
                        each.first().path("contender").asText(),
                        each.first().path("version").asText(""),
                        ratios.isEmpty() ? "" : Spread.of(ratios).words(1, 2),
                        each.words("/rewards_per_s", 1, 1),
                        each.words("/latency_ms/p50", 1, 0),
                        each.words("/latency_ms/p99", 1, 0),
                        each.sum("/right"),
                        each.sum("/wrong"),
                        each.sum("/default"),
                        each.sum("/said"),
                        each.sum("/lost")));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Rewards a second by contender, of the first load and kind of faults. */
    static Map<String, Double> rates(Rows rows) {
        Map<String, Double> rates = new LinkedHashMap<>();
        rows.kind(KIND).by("load", "faults").stream()
                .findFirst()
                .ifPresent(terms -> terms.by("contender")
                        .forEach(each ->
                                rates.put(each.first().path("contender").asText(), each.mean("/rewards_per_s"))));
        return rates;
    }
}
