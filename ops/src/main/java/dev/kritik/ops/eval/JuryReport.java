/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import dev.kritik.schema.CountedScore;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Juror;

/**
 * What each judge of the jury did.
 *
 * @param jurors in the order of the jury; empty without one
 */
record JuryReport(List<Row> jurors) {

    /**
     * One judge.
     *
     * @param name its name
     * @param asked critiques that it was to write
     * @param valid critiques with scores that it wrote
     * @param replaced critiques that others wrote in its place
     * @param mean mean of its scores; NaN without any
     * @param deviation their standard deviation
     */
    record Row(String name, long asked, long valid, long replaced, double mean, double deviation) {}

    static JuryReport of(Collection<GroupReward> rewards) {
        return new JuryReport(rewards.stream()
                .flatMap(reward -> reward.getJury().stream())
                .map(Juror::getName)
                .distinct()
                .map(name -> row(name, rewards))
                .toList());
    }

    private static Row row(String name, Collection<GroupReward> rewards) {
        List<Juror> own = rewards.stream()
                .flatMap(reward -> reward.getJury().stream())
                .filter(juror -> juror.getName().equals(name))
                .toList();
        int[] scores = rewards.stream()
                .flatMap(reward -> reward.getVotes().stream())
                .filter(vote -> name.equals(vote.getJudge()))
                .flatMap(vote -> vote.getScores().stream())
                .mapToInt(CountedScore::getScore)
                .toArray();
        double mean = IntStream.of(scores).average().orElse(Double.NaN);
        double variance = IntStream.of(scores)
                .mapToDouble(score -> (score - mean) * (score - mean))
                .average()
                .orElse(Double.NaN);
        return new Row(
                name,
                own.stream().mapToLong(Juror::getAsked).sum(),
                own.stream().mapToLong(Juror::getValid).sum(),
                own.stream().mapToLong(Juror::getReplaced).sum(),
                mean,
                Math.sqrt(variance));
    }

    void addTo(ObjectNode json) {
        if (jurors.isEmpty()) {
            return;
        }
        ArrayNode jury = json.putArray("jury");
        for (Row row : jurors) {
            jury.addObject()
                    .put("name", row.name())
                    .put("asked", row.asked())
                    .put("valid", row.valid())
                    .put("replaced", row.replaced())
                    .put("mean", row.mean())
                    .put("deviation", row.deviation());
        }
    }

    /** A table, the last line ended; empty without a jury. */
    String text() {
        if (jurors.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%-26s %8s %8s %8s %8s %9s%n",
                "judge",
                "asked",
                "valid",
                "replaced",
                "mean",
                "deviation"));
        for (Row row : jurors) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-26s %8d %8d %8d %8.3f %9.3f%n",
                    row.name(),
                    row.asked(),
                    row.valid(),
                    row.replaced(),
                    row.mean(),
                    row.deviation()));
        }
        return text.toString();
    }
}
