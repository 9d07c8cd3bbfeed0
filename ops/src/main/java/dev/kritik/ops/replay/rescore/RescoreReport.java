/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** How two judgements of the same groups compare: over all of them, and each by itself. Pure. */
public final class RescoreReport {

    private static final int NAMED = 10;

    private RescoreReport() {}

    /** Over all groups. Shares and correlations are null where nothing could be compared. */
    public static ObjectNode of(Collection<GroupComparison> groups) {
        List<GroupComparison> ranked =
                groups.stream().filter(GroupComparison::ranked).toList();
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("groups", groups.size());
        report.set("best", best(ranked));
        report.set("order", order(ranked));
        report.set("rewards", rewards(groups));
        report.set("label", label(groups));
        Map<String, Integer> transitions = new TreeMap<>();
        groups.forEach(group ->
                transitions.merge(group.then().status() + "->" + group.now().status(), 1, Integer::sum));
        ObjectNode statuses = report.putObject("statuses");
        transitions.forEach(statuses::put);
        report.set("then", cost(groups.stream().map(GroupComparison::then).toList()));
        report.set("now", cost(groups.stream().map(GroupComparison::now).toList()));
        ArrayNode most = report.putArray("changed_most");
        groups.stream()
                .sorted(Comparator.comparingDouble(GroupComparison::meanChange)
                        .reversed()
                        .thenComparing(GroupComparison::key))
                .limit(NAMED)
                .filter(group -> group.meanChange() > 0)
                .forEach(group -> most.addObject()
                        .put("group", group.key().toString())
                        .put("mean_abs_change", group.meanChange())
                        .put("same_best", group.ranked() ? Boolean.valueOf(group.sameBest()) : null));
        return report;
    }

    private static ObjectNode best(List<GroupComparison> ranked) {
        ObjectNode best = JsonNodeFactory.instance.objectNode();
        long same = ranked.stream().filter(GroupComparison::sameBest).count();
        double byLot =
                ranked.stream().mapToDouble(GroupComparison::sameBestByLot).sum();
        return best.put("groups", ranked.size())
                .put("same", same)
                .put(
                        "tied_then",
                        ranked.stream()
                                .filter(group -> group.topThen().size() > 1)
                                .count())
                .put(
                        "tied_now",
                        ranked.stream()
                                .filter(group -> group.topNow().size() > 1)
                                .count())
                .put("agreement", share((double) same, ranked.size()))
                .put("agreement_by_lot", share(byLot, ranked.size()));
    }

    private static ObjectNode order(List<GroupComparison> ranked) {
        Pairs pairs = ranked.stream().map(GroupComparison::pairs).reduce(Pairs.NONE, Pairs::plus);
        List<Double> taus = ranked.stream()
                .map(group -> group.pairs().tauB())
                .filter(tau -> tau != null)
                .toList();
        return JsonNodeFactory.instance
                .objectNode()
                .put("pairs", pairs.all())
                .put("same", pairs.same())
                .put("reversed", pairs.reversed())
                .put("tied_then_only", pairs.tiedThen())
                .put("tied_now_only", pairs.tiedNow())
                .put("tied_both", pairs.tiedBoth())
                .put("agreement", pairs.agreement())
                .put(
                        "kendall_tau_b_mean",
                        share(taus.stream().mapToDouble(Double::doubleValue).sum(), taus.size()))
                .put("kendall_tau_b_groups", taus.size());
    }

    private static ObjectNode rewards(Collection<GroupComparison> groups) {
        long responses =
                groups.stream().mapToLong(group -> group.indices().size()).sum();
        Moments rewards = groups.stream().map(GroupComparison::deviations).reduce(Moments.NONE, Moments::plus);
        Moments advantages = groups.stream().map(GroupComparison::advantages).reduce(Moments.NONE, Moments::plus);
        return JsonNodeFactory.instance
                .objectNode()
                .put("responses", responses)
                .put("correlation_within_groups", rewards.correlation())
                .put("correlation_of_advantages", advantages.correlation())
                .put(
                        "mean_abs_change",
                        share(
                                groups.stream()
                                        .mapToDouble(GroupComparison::change)
                                        .sum(),
                                responses))
                .put(
                        "mean_change",
                        share(
                                groups.stream()
                                        .mapToDouble(GroupComparison::shift)
                                        .sum(),
                                responses));
    }

    private static ObjectNode label(Collection<GroupComparison> groups) {
        ObjectNode label = JsonNodeFactory.instance.objectNode();
        label.put(
                "groups", groups.stream().filter(group -> group.label() != null).count());
        label.set(
                "then",
                accuracy(groups.stream()
                        .map(group -> group.then().pointsAt(group.label()))
                        .toList()));
        label.set(
                "now",
                accuracy(groups.stream()
                        .map(group -> group.now().pointsAt(group.label()))
                        .toList()));
        return label;
    }

    private static ObjectNode accuracy(List<Boolean> right) {
        long counted = right.stream().filter(one -> one != null).count();
        long correct = right.stream().filter(Boolean.TRUE::equals).count();
        return JsonNodeFactory.instance
                .objectNode()
                .put("counted", counted)
                .put("correct", correct)
                .put("accuracy", share((double) correct, counted));
    }

    private static ObjectNode cost(List<Outcome> outcomes) {
        ObjectNode cost = JsonNodeFactory.instance.objectNode();
        cost.put("samples", sum(outcomes, Outcome::samples))
                .put("valid_samples", sum(outcomes, Outcome::valid))
                .put("samples_for_each_response", share((double) sum(outcomes, Outcome::spent), outcomes.size()))
                .put("prompt_tokens", sum(outcomes, Outcome::promptTokens))
                .put("completion_tokens", sum(outcomes, Outcome::completionTokens))
                .put("mean_ms", share((double) sum(outcomes, Outcome::millis), outcomes.size()));
        ArrayNode models = cost.putArray("models");
        TreeSet<String> names = new TreeSet<>();
        outcomes.forEach(outcome -> names.addAll(outcome.models()));
        names.forEach(models::add);
        return cost;
    }

    private static long sum(List<Outcome> outcomes, ToLongFunction<Outcome> of) {
        return outcomes.stream().mapToLong(of).sum();
    }

    private static Double share(double part, long all) {
        return all == 0 ? null : Double.valueOf(part / all);
    }

    /** One group. */
    public static ObjectNode line(GroupComparison group) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("job_id", group.key().job())
                .put("group_id", group.key().group())
                .put("group_attempt", group.key().attempt())
                .put("label", group.label())
                .put("same_best", group.ranked() ? Boolean.valueOf(group.sameBest()) : null)
                .put("kendall_tau_b", group.ranked() ? group.pairs().tauB() : null)
                .put("mean_abs_change", group.indices().isEmpty() ? null : Double.valueOf(group.meanChange()));
        line.set("then", side(group.then()));
        line.set("now", side(group.now()));
        return line;
    }

    private static ObjectNode side(Outcome outcome) {
        ObjectNode side = JsonNodeFactory.instance.objectNode();
        side.put("status", outcome.status().name()).put("reason", outcome.reason());
        ArrayNode rewards = side.putArray("rewards");
        outcome.standings().forEach(one -> rewards.add(one.reward()));
        return side.put("samples", outcome.samples())
                .put("completion_tokens", outcome.completionTokens())
                .put("ms", outcome.millis());
    }
}
