/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.kritik.ops.faults.Recovery.Line;
import dev.kritik.ops.faults.Recovery.Took;
import dev.kritik.ops.faults.Timeline.Entry;
import dev.kritik.ops.faults.Timeline.Event;
import dev.kritik.ops.vitals.VitalsReport;

/**
 * What came of a run.
 *
 * @param parcels groups, and records that nobody can use
 * @param rollouts all that was sent, duplicates and such records too
 * @param acknowledged rollouts that the brokers have, but for those through the gateway
 * @param failed rollouts that the producer gave up
 * @param notSent rollouts that never got so far
 * @param rewards terminal records
 * @param timeline what was done
 * @param took how long each fault took
 * @param endedByThemselves processes that ended though nobody had ended them, and were started again
 * @param failures what the harness could not do; then the run says nothing
 * @param gatewayGroups groups that went through the gateway
 * @param gatewayDifferences where its answers are not what the topic says
 * @param soak whether a process that takes more and more is wrong: short runs and restarts say little of it
 * @param vitals what processes took over the run; empty where it was too short
 * @param verdict of the audit
 */
record FaultReport(
        long seed,
        long parcels,
        long rollouts,
        long acknowledged,
        long failed,
        long notSent,
        long rewards,
        List<Entry> timeline,
        List<Took> took,
        int endedByThemselves,
        List<String> failures,
        int gatewayGroups,
        List<String> gatewayDifferences,
        boolean soak,
        List<VitalsReport.Line> vitals,
        Verdict verdict) {

    private static final double SECOND = 1000.0;
    private static final int MOST_LINES = 20;

    /** Whether everything held that is promised, and everything was done that was planned. */
    boolean clean() {
        return verdict.violations() == 0 && gatewayDifferences.isEmpty() && failures.isEmpty() && grown().isEmpty();
    }

    /** What was wrong; empty if nothing was. */
    List<String> bad() {
        List<String> bad = new ArrayList<>();
        failures.forEach(failure -> bad.add("the run says nothing, for: " + failure));
        if (!gatewayDifferences.isEmpty()) {
            bad.add("gateway: " + gatewayDifferences.getFirst());
        }
        grown().forEach(line -> bad.add(line.process() + ": " + line.what() + " grew"));
        if (verdict.violations() > 0) {
            bad.add(verdict.violations() + " violations: " + verdict.lines().getFirst());
        }
        return bad;
    }

    private List<VitalsReport.Line> grown() {
        return soak ? vitals.stream().filter(line -> !line.flat()).toList() : List.of();
    }

    private Map<String, Long> skipped() {
        Map<String, Long> skipped = new TreeMap<>();
        timeline.stream()
                .filter(entry -> entry.event() == Event.SKIPPED)
                .forEach(entry -> skipped.merge(entry.fault() + ": " + entry.detail(), 1L, Long::sum));
        return skipped;
    }

    /** For people. */
    List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "seed %d: %d groups and bad records, %d rollouts (%d acknowledged, %d given up, %d not sent), %d rewards",
                seed,
                parcels,
                rollouts,
                acknowledged,
                failed,
                notSent,
                rewards));
        lines.addAll(table());
        skipped().forEach((what, count) -> lines.add("not done " + count + " times: " + what));
        if (endedByThemselves > 0) {
            lines.add(endedByThemselves + " processes ended by themselves and were started again");
        }
        verdict.totals().forEach((name, value) -> lines.add(name.replace('_', ' ') + ": " + words(value)));
        lines.add("gateway: " + gatewayGroups + " groups, " + gatewayDifferences.size()
                + " whose answers are not what the topic says");
        some(lines, gatewayDifferences);
        vitals.forEach(line -> lines.add(vital(line)));
        failures.forEach(failure -> lines.add("the run says nothing, for: " + failure));
        lines.add(verdict.violations() + " violations");
        lines.addAll(verdict.lines());
        return lines;
    }

    private static String vital(VitalsReport.Line line) {
        return String.format(
                Locale.ROOT,
                "%-10s %-10s %8.0f, later %8.0f, at most %8.0f %s%s",
                line.process(),
                line.what(),
                line.trend().early(),
                line.trend().late(),
                line.trend().most(),
                line.unit(),
                line.flat() ? "" : "  grew");
    }

    /** Faults and how long each kind took, as a table. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(Locale.ROOT, "%-18s %6s %9s %12s %12s", "fault", "times", "measured", "median", "worst"));
        for (Line line : Recovery.lines(took)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-18s %6d %9d %12s %12s",
                    line.fault(),
                    line.faults(),
                    line.measured(),
                    seconds(line.medianMs()),
                    seconds(line.worstMs())));
        }
        return lines;
    }

    private static String seconds(OptionalLong ms) {
        return ms.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f s", ms.getAsLong() / SECOND);
    }

    private static String words(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return String.valueOf(value);
        }
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static void some(List<String> lines, List<String> all) {
        all.stream().limit(MOST_LINES).forEach(line -> lines.add("  " + line));
        if (all.size() > MOST_LINES) {
            lines.add("  and " + (all.size() - MOST_LINES) + " more");
        }
    }

    /** For programs: plain maps, lists, numbers and texts. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", seed);
        json.put("clean", clean());
        json.put("parcels", parcels);
        json.put("rollouts", rollouts);
        json.put("acknowledged", acknowledged);
        json.put("failed", failed);
        json.put("not_sent", notSent);
        json.put("rewards", rewards);
        List<Map<String, Object>> faults = new ArrayList<>();
        for (Line line : Recovery.lines(took)) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("fault", line.fault());
            one.put("times", line.faults());
            one.put("measured", line.measured());
            line.medianMs().ifPresent(ms -> one.put("recovery_median_ms", ms));
            line.worstMs().ifPresent(ms -> one.put("recovery_worst_ms", ms));
            faults.add(one);
        }
        json.put("faults", faults);
        json.put("skipped", skipped());
        json.put("ended_by_themselves", endedByThemselves);
        json.put("failures", failures);
        json.put("gateway_groups", gatewayGroups);
        json.put("gateway_differences", gatewayDifferences);
        json.put("vitals", vitals);
        json.put("violations", verdict.violations());
        json.put("violation_lines", verdict.lines());
        json.put("totals", verdict.totals());
        return json;
    }
}
