/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import dev.kritik.ops.bench.MetricsFile.Line;
import dev.kritik.ops.cli.CommandFailed;

/**
 * How often a policy was right, by known answers, in the course of a run.
 *
 * @param points the starting model first, and at least one evaluation after it
 */
record GrpoCourse(List<Point> points) {

    private static final String SAMPLED = "eval_gold";
    private static final String GREEDY = "eval_gold_greedy";
    private static final int LAST = 3;
    private static final double SECONDS = 60;

    GrpoCourse {
        points = List.copyOf(points);
    }

    /** How the responses of an evaluation are drawn. */
    enum Decoding {
        /** As in training. */
        SAMPLED,
        /** The likeliest token each time. */
        GREEDY
    }

    /**
     * An evaluation.
     *
     * @param step after which it was made; 0: of the starting model
     * @param minutes of wall time of the steps until then: evaluations, checkpoints and waiting count; the time between a stop
     *     and going on does not
     * @param sampled share of right answers, 0 to 1, as responses are drawn in training
     * @param greedy the same with the likeliest token each time
     * @param reward mean of the steps since the evaluation before; empty for the starting model
     * @param alarm whether rewards had risen while right answers had become fewer
     */
    record Point(int step, double minutes, double sampled, double greedy, OptionalDouble reward, boolean alarm) {

        double right(Decoding decoding) {
            return decoding == Decoding.SAMPLED ? sampled : greedy;
        }
    }

    /**
     * Reads it from the folder of a run, finished or not.
     *
     * @throws CommandFailed naming the file, and what is missing in it
     */
    static GrpoCourse read(Path run) throws IOException {
        MetricsFile metrics = MetricsFile.read(run);
        List<Point> points = new ArrayList<>();
        double seconds = 0;
        double rewards = 0;
        int count = 0;
        for (Line line : metrics.lines()) {
            if (line.step() > 0) {
                seconds += line.number("wall_seconds");
                rewards += line.number("reward");
                count++;
            }
            if (line.has(SAMPLED)) {
                OptionalDouble reward = count == 0 ? OptionalDouble.empty() : OptionalDouble.of(rewards / count);
                points.add(new Point(
                        line.step(),
                        seconds / SECONDS,
                        line.number(SAMPLED),
                        line.number(GREEDY),
                        reward,
                        line.has("alarm") && line.number("alarm") > 0));
                rewards = 0;
                count = 0;
            }
        }
        check(metrics, points);
        return new GrpoCourse(points);
    }

    private static void check(MetricsFile metrics, List<Point> points) {
        String why = "";
        if (points.isEmpty()) {
            why = " has no '" + SAMPLED + "' in any line: the run has no queries with answers to evaluate on (--eval)";
        } else if (points.getFirst().step() != 0) {
            why = " has no evaluation of the starting model (step 0): there is nothing to hold the others against";
        } else if (points.size() == 1) {
            why = " has only the evaluation of the starting model so far: wait for the next (every eval.every steps)";
        }
        if (!why.isEmpty()) {
            throw new CommandFailed(metrics.file() + why);
        }
    }

    /** The starting model. */
    Point start() {
        return points.getFirst();
    }

    /** The last evaluation. */
    Point end() {
        return points.getLast();
    }

    /** Evaluations that {@link #late} takes the mean of: three, or as many as there are. */
    int lastCount() {
        return Math.min(LAST, points.size() - 1);
    }

    /** Mean share of right answers in the last evaluations. */
    double late(Decoding decoding) {
        return points.subList(points.size() - lastCount(), points.size()).stream()
                .mapToDouble(point -> point.right(decoding))
                .average()
                .orElseThrow();
    }

    /** What was gained until an evaluation, as a share, -1 to 1. */
    double gain(Point until, Decoding decoding) {
        return until.right(decoding) - start().right(decoding);
    }

    /** Evaluations with an alarm. */
    int alarms() {
        return (int) points.stream().filter(Point::alarm).count();
    }

    /**
     * Pearson's correlation of rewards and right answers (sampled) over the evaluations after the first; empty with fewer than
     * three, or where one of the two never differs.
     */
    OptionalDouble correlation() {
        List<Point> later = points.subList(1, points.size());
        double x = later.stream()
                .mapToDouble(point -> point.reward().orElseThrow())
                .average()
                .orElseThrow();
        double y = later.stream().mapToDouble(Point::sampled).average().orElseThrow();
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (Point point : later) {
            double dx = point.reward().orElseThrow() - x;
            double dy = point.sampled() - y;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return later.size() < 3 || xx == 0 || yy == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(xy / Math.sqrt(xx * yy));
    }
}
