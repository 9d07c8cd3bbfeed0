/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Folders of runs as {@code kritik train grpo} leaves them, made up. */
final class Metrics {

    private final StringBuilder lines = new StringBuilder();
    private int step;

    /** A step, of so many seconds and with that mean reward. */
    Metrics step(double seconds, double reward) {
        return line(seconds, reward, "");
    }

    /** A step with an evaluation after it. */
    Metrics evaluated(double seconds, double reward, double sampled, double greedy, int alarm) {
        return line(seconds, reward, gold(sampled, greedy, alarm));
    }

    /** The starting model. */
    Metrics start(double sampled, double greedy) {
        lines.append("{\"step\":0").append(gold(sampled, greedy, 0)).append("}\n");
        return this;
    }

    private static String gold(double sampled, double greedy, int alarm) {
        return String.format(
                Locale.ROOT, ",\"eval_gold\":%s,\"eval_gold_greedy\":%s,\"alarm\":%d", sampled, greedy, alarm);
    }

    private Metrics line(double seconds, double reward, String more) {
        step++;
        lines.append(String.format(
                Locale.ROOT, "{\"step\":%d,\"reward\":%s,\"wall_seconds\":%s%s}%n", step, reward, seconds, more));
        return this;
    }

    /**
     * A step of a training whose time is measured.
     *
     * @param groups that came until now and were learnt from or flat, half of each
     * @param dropped that came until now and were stale
     */
    Metrics timed(double wall, double rewards, double responses, double learn, long groups, long dropped) {
        step++;
        lines.append(String.format(
                Locale.ROOT,
                "{\"step\":%d,\"wall_seconds\":%s,\"wait_seconds\":%s,\"wait_generation_seconds\":%s,\"learn_seconds\":%s,"
                        + "\"generate_seconds\":1,\"staleness\":0.5,\"trained\":%d,\"flat\":%d,\"stale\":%d,\"unrewarded\":0,"
                        + "\"unusable\":0,\"lost\":0}%n",
                step,
                wall,
                rewards,
                responses,
                learn,
                groups / 2,
                groups - groups / 2,
                dropped));
        return this;
    }

    /** As they are while a line is being written. */
    Metrics cutOff() {
        lines.append("{\"step\":99,\"rew");
        return this;
    }

    Path in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("metrics.jsonl"), lines);
        return folder;
    }
}
