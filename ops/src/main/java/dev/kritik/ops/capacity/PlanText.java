/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan for people and for programs. */
final class PlanText {

    private PlanText() {}

    static List<String> of(Plan plan, boolean explain) {
        List<String> text = new ArrayList<>();
        plan.lines().stream().map(Line::section).distinct().forEach(section -> {
            text.add(section);
            plan.lines().stream().filter(line -> line.section().equals(section)).forEach(line -> {
                text.add(String.format(Locale.ROOT, "  %-28s %12s", line.name(), number(line.value())));
                if (explain) {
                    text.add("      = " + line.formula());
                }
            });
        });
        text.add("what runs out first");
        text.add(String.format(
                Locale.ROOT, "  %-32s %10s %10s %6s  %s", "", "needed", "there is", "used", "is used up at"));
        plan.limits()
                .forEach(limit -> text.add(String.format(
                        Locale.ROOT,
                        "  %-32s %10s %10s %5.0f%%  %s rollouts/s",
                        limit.resource(),
                        number(limit.needed()),
                        number(limit.available()),
                        100 * limit.used(),
                        number(limit.rolloutsPerS()))));
        List<Limit> over =
                plan.limits().stream().filter(limit -> limit.used() > 1 + 1e-9).toList();
        text.add(
                over.isEmpty()
                        ? "The load fits. The bottleneck:"
                        : "The load does not fit: " + over.size() + " of these are too small. The bottleneck:");
        Limit first = plan.limits().getFirst();
        text.add("  " + first.resource() + ". Way out: " + first.way() + ".");
        if (plan.limits().size() > 1) {
            Limit next = plan.limits().get(1);
            text.add("  Then " + next.resource() + ", at " + number(next.rolloutsPerS()) + " rollouts/s. Way out: "
                    + next.way() + ".");
        }
        return text;
    }

    static ObjectNode json(Plan plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        plan.lines().forEach(line -> json.put(line.name(), line.value()));
        ArrayNode limits = json.putArray("limits");
        plan.limits()
                .forEach(limit -> limits.addObject()
                        .put("resource", limit.resource())
                        .put("needed", limit.needed())
                        .put("available", limit.available())
                        .put("used_up_at_rollouts_per_s", limit.rolloutsPerS())
                        .put("way_out", limit.way()));
        return json.put("bottleneck", plan.limits().getFirst().resource());
    }

    /** Three digits, or all before the point. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3g", value);
    }
}
