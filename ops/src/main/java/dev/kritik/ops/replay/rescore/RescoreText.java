/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
public final class RescoreText {

    private RescoreText() {}

    /** Lines of what {@link RescoreReport#of} gave. */
    public static List<String> of(JsonNode report) {
        List<String> lines = new ArrayList<>();
        JsonNode best = report.get("best");
        lines.add(String.format(
                Locale.ROOT,
                "best response: the same in %d of %d groups (%s; ties decided by lot %s); ties at the top: %d then, %d now",
                best.get("same").asLong(),
                best.get("groups").asLong(),
                percent(best.get("agreement")),
                percent(best.get("agreement_by_lot")),
                best.get("tied_then").asLong(),
                best.get("tied_now").asLong()));
        JsonNode order = report.get("order");
        lines.add(String.format(
                Locale.ROOT,
                "order: %s of %d pairs alike, %d reversed; Kendall's tau-b %s (mean of %d groups)",
                percent(order.get("agreement")),
                order.get("pairs").asLong(),
                order.get("reversed").asLong(),
                number(order.get("kendall_tau_b_mean")),
                order.get("kendall_tau_b_groups").asLong()));
        JsonNode rewards = report.get("rewards");
        lines.add(String.format(
                Locale.ROOT,
                "rewards: correlation within groups %s, of advantages %s; change %s on average, %s in absolute terms (%d responses)",
                number(rewards.get("correlation_within_groups")),
                number(rewards.get("correlation_of_advantages")),
                number(rewards.get("mean_change")),
                number(rewards.get("mean_abs_change")),
                rewards.get("responses").asLong()));
        if (report.at("/label/groups").asLong() > 0) {
            lines.add("label: right in " + right(report.at("/label/then")) + " then, " + right(report.at("/label/now"))
                    + " now");
        }
        lines.add("status: " + report.get("statuses"));
        lines.add("then: " + cost(report.get("then")));
        lines.add("now:  " + cost(report.get("now")));
        List<String> most = new ArrayList<>();
        report.get("changed_most")
                .forEach(one -> most.add(String.format(
                        Locale.ROOT, "%s (%s)", one.get("group").asText(), number(one.get("mean_abs_change")))));
        if (!most.isEmpty()) {
            lines.add("changed most: " + String.join(", ", most));
        }
        return lines;
    }

    private static String right(JsonNode side) {
        return String.format(
                Locale.ROOT,
                "%d of %d (%s)",
                side.get("correct").asLong(),
                side.get("counted").asLong(),
                percent(side.get("accuracy")));
    }

    private static String cost(JsonNode side) {
        List<String> models = new ArrayList<>();
        side.get("models").forEach(model -> models.add(model.asText()));
        return String.format(
                Locale.ROOT,
                "%d samples (%d valid; %s for each response), %d prompt and %d written tokens, %s ms a group; %s",
                side.get("samples").asLong(),
                side.get("valid_samples").asLong(),
                number(side.get("samples_for_each_response")),
                side.get("prompt_tokens").asLong(),
                side.get("completion_tokens").asLong(),
                side.get("mean_ms").isNull()
                        ? "-"
                        : String.format(Locale.ROOT, "%.0f", side.get("mean_ms").asDouble()),
                String.join(", ", models));
    }

    private static String percent(JsonNode share) {
        return share.isNull() ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble());
    }

    private static String number(JsonNode number) {
        return number.isNull() ? "-" : String.format(Locale.ROOT, "%.3f", number.asDouble());
    }
}
