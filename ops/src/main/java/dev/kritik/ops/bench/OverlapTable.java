/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The figures of {@link OverlapBench}: for people in Markdown, for programs as objects.
 *
 * @param runs of all rounds, the synchronous ones among them
 * @param bounds on staleness that are held against synchronous training, all at least 1
 */
record OverlapTable(List<OverlapRun> runs, List<Integer> bounds) {

    private static final String HEAD = """
            | training | most staleness | steps | groups/s | s/step | waiting for rewards | waiting at all | learning | writing | staleness | dropped |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """;

    /** The table, and each asynchronous training against the synchronous one of its round. */
    String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append(row("synchronous", 0));
        bounds.forEach(bound -> text.append(row("asynchronous", bound)));
        text.append('\n');
        for (int bound : bounds) {
            text.append(String.format(
                    Locale.ROOT,
                    "- Most staleness %d against synchronous: %s times as many groups a second; waiting for rewards %.1f %%"
                            + " of wall time instead of %.1f %%, %s points less; waiting at all %s points less.%n",
                    bound,
                    speedup(bound).words(1, 2),
                    100 * spread(bound, OverlapRun::rewardsShare).mean(),
                    100 * spread(0, OverlapRun::rewardsShare).mean(),
                    less(bound, OverlapRun::rewardsShare).words(100, 1),
                    less(bound, OverlapRun::waitingShare).words(100, 1)));
        }
        return text.append(
                        "- Shares are of wall time; means over the rounds, in brackets the least and the most of a round.\n")
                .toString();
    }

    private String row(String name, int bound) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %s | %s %% | %s %% | %.1f %% | %.1f %% | %.2f | %.0f |%n",
                name,
                bound,
                of(bound).stream().mapToInt(OverlapRun::steps).sum(),
                spread(bound, OverlapRun::groupsPerSecond).words(1, 2),
                spread(bound, OverlapRun::secondsPerStep).words(1, 2),
                spread(bound, OverlapRun::rewardsShare).words(100, 1),
                spread(bound, OverlapRun::waitingShare).words(100, 1),
                100 * spread(bound, OverlapRun::learningShare).mean(),
                100 * spread(bound, OverlapRun::writingShare).mean(),
                spread(bound, OverlapRun::staleness).mean(),
                of(bound).stream().mapToDouble(OverlapRun::dropped).sum());
    }

    private List<OverlapRun> of(int bound) {
        return runs.stream().filter(run -> run.bound() == bound).toList();
    }

    private Spread spread(int bound, ToDoubleFunction<OverlapRun> figure) {
        return Spread.of(of(bound).stream().map(figure::applyAsDouble).toList());
    }

    /** Of each round by itself: what slows the machine down for a while slows both. */
    private Spread paired(int bound, ToDoubleBiFunction<OverlapRun, OverlapRun> figure) {
        return Spread.of(of(bound).stream()
                .map(run -> figure.applyAsDouble(synchronous(run.round()), run))
                .toList());
    }

    private OverlapRun synchronous(int round) {
        return of(0).stream().filter(run -> run.round() == round).findFirst().orElseThrow();
    }

    private Spread speedup(int bound) {
        return paired(bound, (synchronous, run) -> run.groupsPerSecond() / synchronous.groupsPerSecond());
    }

    private Spread less(int bound, ToDoubleFunction<OverlapRun> share) {
        return paired(bound, (synchronous, run) -> share.applyAsDouble(synchronous) - share.applyAsDouble(run));
    }

    // ---- For programs
    // ----------------------------------------------------------------------------------------------------

    /** One training. Times are in seconds, shares from 0 to 1. */
    static Map<String, Object> object(OverlapRun run) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("round", run.round());
        values.put("staleness_max", run.bound());
        values.put("steps", run.steps());
        values.put("wall_seconds", run.seconds());
        values.put("seconds_per_step", run.secondsPerStep());
        values.put("groups_per_second", run.groupsPerSecond());
        values.put("waiting_for_rewards", run.rewardsShare());
        values.put("waiting", run.waitingShare());
        values.put("learning", run.learningShare());
        values.put("writing", run.writingShare());
        values.put("staleness", run.staleness());
        values.put("dropped", run.dropped());
        return values;
    }

    /** An object for each asynchronous training against the synchronous ones. */
    List<Map<String, Object>> comparisons() {
        return bounds.stream().map(this::comparison).toList();
    }

    private Map<String, Object> comparison(int bound) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("staleness_max", bound);
        values.put("against_staleness_max", 0);
        values.put("rounds", of(bound).size());
        values.put("groups_per_second_ratio", speedup(bound));
        values.put("waiting_for_rewards_less", less(bound, OverlapRun::rewardsShare));
        values.put("waiting_less", less(bound, OverlapRun::waitingShare));
        return values;
    }
}
