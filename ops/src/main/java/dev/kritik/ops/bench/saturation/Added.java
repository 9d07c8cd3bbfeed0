/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.ops.bench.load.GroupTimes;
import dev.kritik.ops.bench.load.JudgeTime;
import dev.kritik.ops.bench.load.Percentiles;
import dev.kritik.schema.GroupReward;

/**
 * What Kritik added to the judge's time in one round. The judge's own time of a group is the longest that it took for one of
 * its requests, waiting in the judge included: all of a group's requests could have been there from the beginning.
 *
 * @param round from 1
 * @param load share of the judge's capacity that was asked for
 * @param groupsPerSecond that were sent
 * @param notOk groups that ended otherwise than OK, or not at all; they have no part in the figures
 * @param latency of groups, from when they were due to the reading of their rewards, in milliseconds
 * @param judge the judge's own time
 * @param added the difference, group by group
 * @param stages where the time goes, in order
 */
record Added(
        int round,
        double load,
        double groupsPerSecond,
        long notOk,
        Percentiles latency,
        Percentiles judge,
        Percentiles added,
        Map<String, Percentiles> stages) {

    /**
     * Of the groups that ended well.
     *
     * @param judgeMs the judge's own time by {@code job/group}
     */
    static Optional<Added> of(
            int round, double load, double groupsPerSecond, List<GroupTimes> groups, Map<String, Double> judgeMs) {
        List<Double> latencies = new ArrayList<>();
        List<Double> judges = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        Map<String, List<Double>> stages = new LinkedHashMap<>();
        for (GroupTimes group : groups) {
            Double judge = judgeMs.get(group.jobId() + "/" + group.groupId());
            if (!group.status().equals("OK") || judge == null) {
                continue;
            }
            latencies.add(group.latencyMs());
            judges.add(judge);
            differences.add(group.latencyMs() - judge);
            stages(group)
                    .forEach((stage, ms) -> stages.computeIfAbsent(stage, name -> new ArrayList<>())
                            .add(ms));
        }
        if (latencies.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Percentiles> where = new LinkedHashMap<>();
        stages.forEach((stage, ms) -> where.put(stage, Percentiles.of(ms)));
        return Optional.of(new Added(
                round,
                load,
                groupsPerSecond,
                groups.size() - latencies.size(),
                Percentiles.of(latencies),
                Percentiles.of(judges),
                Percentiles.of(differences),
                where));
    }

    /** Where the time of a group goes, as its records say, in milliseconds; nothing if some of them are missing. */
    static Map<String, Double> stages(GroupTimes group) {
        GroupReward reward = group.reward().orElse(null);
        JudgeTime judge = group.judge().orElse(null);
        Map<String, Double> stages = new LinkedHashMap<>();
        if (reward == null || judge == null || reward.getJudgingMs() == null) {
            return stages;
        }
        stages.put("sent to taken in", (double) (reward.getOpenedMs() - group.sentMs()));
        stages.put("taken in to asked", (double) (reward.getJudgingMs() - reward.getOpenedMs()));
        stages.put("asked to begun", (double) (judge.firstStartedMs() - reward.getJudgingMs()));
        stages.put("begun to judged", (double) judge.pathMs());
        stages.put("judged to counted", (double) (reward.getClosedMs() - judge.lastFinishedMs()));
        stages.put("counted to read", (double) (group.seenMs() - reward.getClosedMs()));
        return stages;
    }

    Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "latency");
        values.put("round", round);
        values.put("load", load);
        values.put("groups_per_second", groupsPerSecond);
        values.put("groups_not_ok", notOk);
        values.put("latency_ms", latency.object());
        values.put("judge_ms", judge.object());
        values.put("added_ms", added.object());
        Map<String, Object> where = new TreeMap<>();
        int number = 1;
        for (Map.Entry<String, Percentiles> stage : stages.entrySet()) {
            where.put(number++ + " " + stage.getKey(), stage.getValue().object());
        }
        values.put("stages_ms", where);
        return values;
    }
}
