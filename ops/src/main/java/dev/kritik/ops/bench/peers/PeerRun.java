/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.ops.bench.load.Percentiles;
import dev.kritik.ops.judge.Outcome;

/**
 * What one run of one contender came to.
 *
 * @param round of the bench, from 1
 * @param contender its name
 * @param load share of the judge's capacity at which rollouts came; 0: all at once
 * @param attempt what it said
 * @param fates how many rollouts ended how; every fate is named
 * @param groups all of them
 * @param wholeGroups groups of which each rollout has its right reward
 * @param harmedGroups groups with a wrong or made-up reward, which a trainer can't tell from a right one
 * @param rewardsPerSecond right rewards a second until nine of ten of all rollouts had one; until the end of the run where
 *     that never was
 * @param latencyMs of the right rewards: from when the rollout came; empty without any
 * @param groupLatencyMs of the whole groups: until the last reward of the group; empty without any
 * @param reasons how often each reason was told
 * @param judge how its calls to the judge ended; only what there was
 */
record PeerRun(
        int round,
        String contender,
        double load,
        Attempt attempt,
        Map<Fate, Integer> fates,
        int groups,
        int wholeGroups,
        int harmedGroups,
        double rewardsPerSecond,
        Optional<Percentiles> latencyMs,
        Optional<Percentiles> groupLatencyMs,
        Map<String, Integer> reasons,
        Map<Outcome, Long> judge) {

    /** The share of rollouts until which the rate is taken: the last ones say more about chance than about a contender. */
    private static final double COUNTED = 0.9;

    /** Judges what a contender said; the first word on a rollout counts. */
    static PeerRun of(int round, String contender, double load, Work work, Attempt attempt, Map<Outcome, Long> judge) {
        Map<String, Told> told = new HashMap<>();
        Map<String, Integer> reasons = new TreeMap<>();
        for (Told word : attempt.told()) {
            if (told.putIfAbsent(word.id(), word) == null && word.reason() != null) {
                reasons.merge(word.reason(), 1, Integer::sum);
            }
        }
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        Arrays.stream(Fate.values()).forEach(fate -> fates.put(fate, 0));
        List<Double> times = new ArrayList<>();
        List<Double> latencies = new ArrayList<>();
        List<Double> groupLatencies = new ArrayList<>();
        int harmed = 0;
        for (int number = 0; number < work.groups(); number++) {
            double last = 0;
            boolean whole = true;
            boolean harm = false;
            for (Item item : work.group(number)) {
                Told word = told.get(item.id());
                Fate fate = Fate.of(item, word);
                fates.merge(fate, 1, Integer::sum);
                if (fate == Fate.RIGHT) {
                    double latency = 1e3 * (word.seconds() - item.atSeconds());
                    times.add(word.seconds());
                    latencies.add(latency);
                    last = Math.max(last, latency);
                }
                whole &= fate == Fate.RIGHT;
                harm |= fate == Fate.WRONG || fate == Fate.DEFAULT;
            }
            if (whole) {
                groupLatencies.add(last);
            }
            harmed += harm ? 1 : 0;
        }
        Collections.sort(times);
        return new PeerRun(
                round,
                contender,
                load,
                attempt,
                fates,
                work.groups(),
                groupLatencies.size(),
                harmed,
                rate(times, work.items().size(), attempt.seconds()),
                percentiles(latencies),
                percentiles(groupLatencies),
                reasons,
                judge);
    }

    private static double rate(List<Double> times, int rollouts, double seconds) {
        int counted = (int) Math.ceil(COUNTED * rollouts);
        return times.size() >= counted ? counted / times.get(counted - 1) : times.size() / seconds;
    }

    /** How many rollouts ended so. */
    int count(Fate fate) {
        return fates.get(fate);
    }

    /** How many rollouts there were. */
    int rollouts() {
        return fates.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Optional<Percentiles> percentiles(List<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Percentiles.of(values));
    }

    /** For programs; times are in milliseconds where the name says so, else in seconds. */
    Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "peers");
        values.put("contender", contender);
        values.put("round", round);
        values.put("load", load == 0 ? "all at once" : load);
        values.put("version", attempt.version());
        values.put("settings", attempt.settings());
        values.put("own", attempt.own());
        values.put("rollouts", rollouts());
        values.put("rewards_per_s", rewardsPerSecond);
        values.put("seconds", attempt.seconds());
        values.put("latency_ms", latencyMs.map(Percentiles::object).orElse(null));
        values.put("group_latency_ms", groupLatencyMs.map(Percentiles::object).orElse(null));
        values.put("right", count(Fate.RIGHT));
        values.put("wrong", count(Fate.WRONG));
        values.put("default", count(Fate.DEFAULT));
        values.put("said", count(Fate.SAID));
        values.put("lost", count(Fate.LOST));
        values.put("groups", groups);
        values.put("groups_whole", wholeGroups);
        values.put("groups_harmed", harmedGroups);
        values.put("reasons", reasons);
        values.put("judge", judge);
        return values;
    }
}
