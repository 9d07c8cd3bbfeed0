/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import dev.kritik.ops.bench.Spread;
import dev.kritik.ops.bench.load.Percentiles;

/**
 * The figures of {@link PeersBench} for people, in Markdown: ratios first.
 *
 * @param runs of all rounds
 * @param idealPerSecond calls that the judge can answer in a second, by its capacity and its mean time; not finite: no bound
 * @param missing contenders that could not run, and why
 */
record PeersTable(List<PeerRun> runs, double idealPerSecond, SequencedMap<String, String> missing) {

    /** The one that all others are held against. */
    static final String BASELINE = "asyncio";

    private static final String NONE = "–";

    String markdown() {
        StringBuilder text = new StringBuilder();
        for (double load : runs.stream().map(PeerRun::load).distinct().sorted().toList()) {
            text.append(load == 0 ? speed() : latency(load)).append('\n');
            text.append(fates(load)).append('\n');
        }
        text.append("- Means over the rounds, in brackets the least and the most of a round; ratios are of runs of the"
                + " same round. Rollouts and groups are summed over the rounds.\n");
        text.append("- Rewards/s: right rewards until nine of ten rollouts had theirs. Whole groups: all their rewards"
                + " are right. Harmed: with a wrong or made-up number that a trainer can't tell from a score.\n");
        contenders().forEach((name, run) -> text.append("- ").append(about(name, run)));
        missing.forEach((name, why) -> text.append("- left out: ")
                .append(name)
                .append(": ")
                .append(why)
                .append('\n'));
        return text.toString();
    }

    private String speed() {
        StringBuilder text = new StringBuilder("""
                All rollouts at once:

                | contender | rewards/s against asyncio | rewards/s | of what the judge can |
                | --- | ---: | ---: | ---: |
                """);
        for (String name : contenders().keySet()) {
            List<PeerRun> own = of(name, 0);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |%n",
                    name,
                    ratio(own, run -> OptionalDouble.of(run.rewardsPerSecond())),
                    spread(own, run -> OptionalDouble.of(run.rewardsPerSecond()), 1, 1, ""),
                    spread(
                            own,
                            run -> Double.isInfinite(idealPerSecond)
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(run.rewardsPerSecond() / idealPerSecond),
                            100,
                            1,
                            " %")));
        }
        return text.toString();
    }

    private String latency(double load) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                Rollouts come at %.0f %% of what the judge can:

                | contender | group p50 against asyncio | reward p50, ms | p99, ms | group p50, ms | p99, ms |
                | --- | ---: | ---: | ---: | ---: | ---: |
                """, 100 * load));
        for (String name : contenders().keySet()) {
            List<PeerRun> own = of(name, load);
            Function<PeerRun, OptionalDouble> group = run -> p50(run.groupLatencyMs());
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s |%n",
                    name,
                    ratio(own, group),
                    spread(own, run -> p50(run.latencyMs()), 1, 0, ""),
                    spread(own, run -> p99(run.latencyMs()), 1, 0, ""),
                    spread(own, group, 1, 0, ""),
                    spread(own, run -> p99(run.groupLatencyMs()), 1, 0, "")));
        }
        return text.toString();
    }

    private String fates(double load) {
        StringBuilder text = new StringBuilder("""
                | contender | rollouts | right | wrong | default | said | lost | whole groups | harmed groups |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        for (String name : contenders().keySet()) {
            List<PeerRun> own = of(name, load);
            text.append("| ").append(name).append(" | ").append(sum(own, PeerRun::rollouts));
            for (Fate fate : Fate.values()) {
                text.append(" | ").append(sum(own, run -> run.count(fate)));
            }
            int groups = sum(own, PeerRun::groups);
            text.append(String.format(
                    Locale.ROOT,
                    " | %s | %s |%n",
                    share(sum(own, PeerRun::wholeGroups), groups),
                    share(sum(own, PeerRun::harmedGroups), groups)));
        }
        return text.toString();
    }

    private static String about(String name, PeerRun run) {
        StringBuilder text = new StringBuilder(name + ": " + run.attempt().version());
        run.attempt()
                .settings()
                .forEach((key, value) ->
                        text.append(", ").append(key).append(' ').append(value));
        text.append(". Written for this bench: ").append(run.attempt().own()).append(".\n");
        return text.toString();
    }

    /** Those that ran, in the order of their first run, with the first run of each. */
    private SequencedMap<String, PeerRun> contenders() {
        SequencedMap<String, PeerRun> first = new LinkedHashMap<>();
        runs.forEach(run -> first.putIfAbsent(run.contender(), run));
        return first;
    }

    private List<PeerRun> of(String contender, double load) {
        return runs.stream()
                .filter(run -> run.contender().equals(contender) && run.load() == load)
                .toList();
    }

    /** Of each round by itself: what slows the machine down for a while slows both. */
    private String ratio(List<PeerRun> own, Function<PeerRun, OptionalDouble> figure) {
        List<Double> ratios = new ArrayList<>();
        for (PeerRun run : own) {
            OptionalDouble base = of(BASELINE, run.load()).stream()
                    .filter(other -> other.round() == run.round())
                    .findFirst()
                    .map(figure)
                    .orElse(OptionalDouble.empty());
            OptionalDouble mine = figure.apply(run);
            if (base.isPresent() && base.getAsDouble() > 0 && mine.isPresent()) {
                ratios.add(mine.getAsDouble() / base.getAsDouble());
            }
        }
        return ratios.isEmpty() ? NONE : Spread.of(ratios).words(1, 2);
    }

    private static String spread(
            List<PeerRun> own, Function<PeerRun, OptionalDouble> figure, double times, int digits, String unit) {
        List<Double> values = own.stream()
                .map(figure)
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
        return values.isEmpty() ? NONE : Spread.of(values).words(times, digits) + unit;
    }

    private static OptionalDouble p50(Optional<Percentiles> of) {
        return of.stream().mapToDouble(Percentiles::p50).findFirst();
    }

    private static OptionalDouble p99(Optional<Percentiles> of) {
        return of.stream().mapToDouble(Percentiles::p99).findFirst();
    }

    private static int sum(List<PeerRun> own, ToIntFunction<PeerRun> count) {
        return own.stream().mapToInt(count).sum();
    }

    private static String share(int part, int whole) {
        return whole == 0 ? NONE : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
