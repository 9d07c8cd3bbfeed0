/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.trainer.scaling.Accuracy;
import dev.kritik.trainer.scaling.Drawn;

/** The rows of {@link ScalingBench}, printed as they come. */
final class Table {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final boolean json;
    private boolean begun;

    Table(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** An accuracy, and what the samples were like. */
    void row(String input, String vote, int k, Accuracy accuracy, List<Drawn> drawn) {
        long samples = drawn.stream().mapToLong(task -> task.samples().size()).sum();
        double unreadable = drawn.stream()
                        .flatMap(task -> task.samples().stream())
                        .filter(sample -> sample.scores().isEmpty())
                        .count()
                / (double) samples;
        double tokens = drawn.stream().mapToLong(Drawn::tokens).sum() / (double) samples;
        if (json) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("input", input);
            row.put("vote", vote);
            row.put("k", k);
            row.put("tasks", drawn.size());
            row.put("accuracy", accuracy.share());
            row.put("standard_error", accuracy.error());
            row.put("ties", accuracy.ties());
            row.put("undecided", accuracy.undecided());
            row.put("unreadable_samples", unreadable);
            row.put("tokens_per_sample", tokens);
            print(row);
            return;
        }
        if (!begun) {
            out.printf(
                    Locale.ROOT,
                    "%-7s %-9s %3s %9s %6s %7s %11s %7s%n",
                    "input",
                    "vote",
                    "k",
                    "accuracy",
                    "+-",
                    "ties",
                    "unreadable",
                    "tokens");
            begun = true;
        }
        out.printf(
                Locale.ROOT,
                "%-7s %-9s %3d %8.1f%% %5.1f%% %6.1f%% %10.2f%% %7.1f%n",
                input,
                vote,
                k,
                100 * accuracy.share(),
                100 * accuracy.error(),
                100 * accuracy.ties(),
                100 * unreadable,
                tokens);
        out.flush();
    }

    /** Tasks of one response: how often a greedy critique gives the very score of the label. */
    void exact(List<Drawn> drawn) {
        double share = drawn.stream().mapToInt(Drawn::right).sum() / (double) drawn.size();
        if (json) {
            print(Map.of("input", "one response", "vote", "greedy", "tasks", drawn.size(), "score_is_label", share));
        } else {
            out.printf(
                    Locale.ROOT,
                    "tasks of one response: the score is the label in %.1f%% of %d%n",
                    100 * share,
                    drawn.size());
            out.flush();
        }
    }

    private void print(Map<String, Object> row) {
        try {
            out.println(JSON.writeValueAsString(row));
            out.flush();
        } catch (JsonProcessingException e) { // numbers and texts
            throw new IllegalStateException(e);
        }
    }
}
