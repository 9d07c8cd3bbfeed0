/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.worker.parse.Parsed;

/**
 * How often outputs are right, as shares of all of them.
 *
 * @param outputs how many there are, at least 1
 */
public record Tally(List<Output> outputs) {

    /** Share of right ones. */
    public double accuracy() {
        return share(output -> output.verdict().correct());
    }

    /**
     * Figures for the metrics: {@code accuracy}, {@code tie_share}, {@code invalid_share} and this by reason,
     * {@code output_tokens} (mean of an output).
     *
     * @param prefix of the names
     */
    public Map<String, Object> values(String prefix) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(prefix + "accuracy", accuracy());
        values.put(prefix + "tie_share", share(output -> output.verdict().tie()));
        values.put(
                prefix + "invalid_share",
                share(output -> output.verdict().invalid().isPresent()));
        for (Parsed.Reason reason : Parsed.Reason.values()) {
            values.put(
                    prefix + "invalid_" + reason.name().toLowerCase(Locale.ROOT),
                    share(output ->
                            output.verdict().invalid().filter(reason::equals).isPresent()));
        }
        values.put(
                prefix + "output_tokens",
                outputs.stream()
                        .mapToInt(output -> output.generated().tokens().length)
                        .average()
                        .orElse(0));
        return values;
    }

    private double share(java.util.function.Predicate<Output> which) {
        return (double) outputs.stream().filter(which).count() / outputs.size();
    }
}
