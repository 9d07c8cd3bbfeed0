/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.List;

import dev.kritik.ops.bench.MetricsFile.Line;
import dev.kritik.ops.cli.CommandFailed;

/**
 * Where the time of one training went, in the steps that are measured.
 *
 * @param round of the bench, from 1 on
 * @param bound on staleness; 0: synchronous
 * @param steps that are measured
 * @param seconds of wall time of these steps
 * @param groups that they learnt from, or that had no spread to learn from
 * @param dropped groups of these steps of which nothing could be learnt: too old, without any reward, or lost
 * @param waitedForRewards seconds in which the trainer waited and nothing was being written: rewards were all that it lacked
 * @param waitedForResponses seconds in which the trainer waited while responses were being written
 * @param learnt seconds in which it learnt
 * @param wrote seconds in which responses were being written, whatever the trainer did
 * @param staleness mean number of steps between the policy that wrote a group and the one that learnt from it
 */
record OverlapRun(
        int round,
        int bound,
        int steps,
        double seconds,
        double groups,
        double dropped,
        double waitedForRewards,
        double waitedForResponses,
        double learnt,
        double wrote,
        double staleness) {

    private static final List<String> GROUPS = List.of("trained", "flat");
    private static final List<String> DROPPED = List.of("stale", "unrewarded", "unusable", "lost");

    /**
     * Reads it from the metrics of a training.
     *
     * @param after step before the first that is measured, at least 1
     * @param last step that is measured
     * @throws CommandFailed if the metrics don't have them
     */
    static OverlapRun of(int round, int bound, MetricsFile metrics, int after, int last) {
        List<Line> lines = metrics.lines().stream()
                .filter(line -> line.step() > after && line.step() <= last)
                .toList();
        List<Line> before =
                metrics.lines().stream().filter(line -> line.step() == after).toList();
        if (before.size() != 1 || lines.size() != last - after) {
            throw new CommandFailed(
                    metrics.file() + " does not have each of the steps " + after + " to " + last + " once");
        }
        return new OverlapRun(
                round,
                bound,
                lines.size(),
                sum(lines, "wall_seconds"),
                counted(GROUPS, before.getFirst(), lines.getLast()),
                counted(DROPPED, before.getFirst(), lines.getLast()),
                sum(lines, "wait_seconds"),
                sum(lines, "wait_generation_seconds"),
                sum(lines, "learn_seconds"),
                sum(lines, "generate_seconds"),
                sum(lines, "staleness") / lines.size());
    }

    private static double sum(List<Line> lines, String name) {
        return lines.stream().mapToDouble(line -> line.number(name)).sum();
    }

    /** The metrics count from the beginning of the run. */
    private static double counted(List<String> names, Line before, Line last) {
        return names.stream()
                .mapToDouble(name -> last.number(name) - before.number(name))
                .sum();
    }

    double groupsPerSecond() {
        return groups / seconds;
    }

    double secondsPerStep() {
        return seconds / steps;
    }

    /** Share of wall time, 0 to 1. */
    double rewardsShare() {
        return waitedForRewards / seconds;
    }

    /** Share of wall time in which the trainer waited for whatever. */
    double waitingShare() {
        return (waitedForRewards + waitedForResponses) / seconds;
    }

    /** Share of wall time. */
    double learningShare() {
        return learnt / seconds;
    }

    /** Share of wall time in which responses were being written. */
    double writingShare() {
        return wrote / seconds;
    }
}
