/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.ops.eval.EvalScore;
import dev.kritik.ops.rewards.RewardTable;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;

/** One group for people: the query, its rewards, a critique as the judge wrote it, and what the label says. */
final class Scene {

    private static final int SHOWN_CHARACTERS = 60;

    private Scene() {}

    /** Several lines, the last one ended. */
    static String of(EvalQuery query, GroupReward reward, Optional<Critique> critique) {
        StringBuilder text = new StringBuilder();
        query.rollouts()
                .getFirst()
                .getMessages()
                .getLast()
                .getContent()
                .strip()
                .lines()
                .forEach(line -> text.append("> ").append(line).append(System.lineSeparator()));
        text.append(RewardTable.of(
                reward, index -> start(query.rollouts().get(index).getResponse())));
        critique.ifPresent(one -> text.append(written(one)));
        return text.append("  label: ")
                .append(label(query, reward))
                .append(System.lineSeparator())
                .toString();
    }

    private static String written(Critique critique) {
        String logit = critique.getMetaLogit() == null
                ? ""
                : String.format(Locale.ROOT, ", Meta RM logit %.2f", critique.getMetaLogit());
        String said = critique.getRawText() == null ? critique.getReason() : critique.getRawText();
        return String.format(
                Locale.ROOT,
                "  sample %d, as the judge wrote it (responses shown in the order %s%s):%n%s%n",
                critique.getSample(),
                critique.getOrder(),
                logit,
                said.strip().lines().map(line -> "  | " + line).collect(Collectors.joining(System.lineSeparator())));
    }

    private static String label(EvalQuery query, GroupReward reward) {
        if (query.best() == null) {
            return "none";
        }
        EvalScore score = EvalScore.of(query, reward);
        String verdict = score.counted() == 0
                ? "nothing to compare"
                : score.correct() == 1
                        ? "the rewards agree"
                        : score.tiedTop() == 1 ? "a tie, which counts as wrong" : "the rewards differ";
        return "#" + query.best() + " is best; " + verdict;
    }

    private static String start(String response) {
        String line = response.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN_CHARACTERS
                ? line
                : line.substring(0, SHOWN_CHARACTERS).strip() + " ...";
    }
}
