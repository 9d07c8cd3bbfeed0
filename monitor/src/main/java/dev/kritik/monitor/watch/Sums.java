/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.kritik.monitor.watch.Overview.Judge;
import dev.kritik.monitor.watch.Overview.Reason;
import dev.kritik.monitor.watch.Overview.Scores;

/** Counts, put together for a picture. */
final class Sums {

    private static final int HIGHEST = dev.kritik.schema.Scores.HIGHEST;

    private Sums() {}

    static Map<Tally, Long> byTally(Map<Count, Long> counts) {
        Map<Tally, Long> sums = new EnumMap<>(Tally.class);
        counts.forEach((count, n) -> sums.merge(count.tally(), n, Long::sum));
        return sums;
    }

    /** Most frequent first. */
    static List<Reason> reasons(Map<Count, Long> counts, Tally tally) {
        List<Reason> reasons = new ArrayList<>();
        counts.forEach((count, n) -> {
            if (count.tally() == tally) {
                reasons.add(reason(count.label(), n));
            }
        });
        reasons.sort(MOST_FREQUENT);
        return reasons;
    }

    private static final Comparator<Reason> MOST_FREQUENT = Comparator.comparingLong(Reason::count)
            .reversed()
            .thenComparing(reason -> reason.status() + " " + reason.reason());

    private static Reason reason(String outcome, long n) {
        int between = outcome.indexOf(Count.BETWEEN);
        return between < 0
                ? new Reason(outcome, null, n)
                : new Reason(outcome.substring(0, between), outcome.substring(between + 1), n);
    }

    /** The labels as reasons, most frequent first. */
    static List<Reason> labels(Map<Count, Long> counts, Tally tally) {
        return reasons(counts, tally).stream()
                .map(reason -> new Reason("", reason.status(), reason.count()))
                .toList();
    }

    static List<Judge> judges(Map<Count, Long> counts, Function<String, Quantiles> time) {
        Map<String, List<Reason>> byJudge = new TreeMap<>();
        counts.forEach((count, n) -> {
            if (count.tally() == Tally.JUDGED) {
                byJudge.computeIfAbsent(count.first(), same -> new ArrayList<>())
                        .add(reason(count.second(), n));
            }
        });
        List<Judge> judges = new ArrayList<>();
        byJudge.forEach((name, reasons) -> {
            reasons.sort(MOST_FREQUENT);
            judges.add(new Judge(name, reasons, time.apply(name)));
        });
        return judges;
    }

    static List<Scores> scores(Map<Count, Long> counts) {
        Map<String, long[]> byJob = new TreeMap<>();
        counts.forEach((count, n) -> {
            if (count.tally() == Tally.SCORES && !count.label().equals(Count.OTHER)) {
                int score = Integer.parseInt(count.first());
                byJob.computeIfAbsent(count.second(), same -> new long[HIGHEST])[score - 1] += n;
            }
        });
        List<Scores> scores = new ArrayList<>();
        byJob.forEach((job, numbers) -> {
            List<Long> list = new ArrayList<>();
            for (long number : numbers) {
                list.add(number);
            }
            scores.add(new Scores(job, list));
        });
        return scores;
    }
}
