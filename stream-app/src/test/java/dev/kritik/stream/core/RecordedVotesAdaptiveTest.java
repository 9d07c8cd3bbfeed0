/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.stream.SharedData;
import dev.kritik.stream.core.adaptive.Goal;

/** What the rule saves, and what it costs, on recorded votes of real judges: four responses a query, each judged alone. */
class RecordedVotesAdaptiveTest {

    private static final int K = 8;
    private static final List<JsonNode> QUERIES = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        Path file = SharedData.file("votes_main.jsonl");
        var json = new ObjectMapper();
        for (String line : Files.readAllLines(file)) {
            QUERIES.add(json.readTree(line));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-5.4|criteria|t1.0, 45",
        "gpt-5.4|base|t1.0, 45",
        "claude-haiku-4.5|criteria|tdefault, 45",
        "gpt-5.4-nano|base|t1.0, 60"
    })
    void bestKeepsTheAccuracyOfEightSamplesAtFewer(String setting, double mostPercent) {
        Total fixed = new Total();
        Total adaptive = new Total();
        for (JsonNode query : with(setting)) {
            fixed.add(query, means(query, setting));
            GroupReward reward = judge(query, setting, Goal.BEST);
            adaptive.add(query, rewards(reward));
            adaptive.spend(reward);
        }

        assertThat(adaptive.percent()).as("%s, of the samples", setting).isLessThanOrEqualTo(mostPercent);
        assertThat(adaptive.accuracy() - fixed.accuracy())
                .as("%s, difference in accuracy", setting)
                .isBetween(-0.3, 0.3);
    }

    /** A judge as noisy as the last one needs more than 60 %: no rule that asks alike for all responses does better. */
    @ParameterizedTest
    @CsvSource({
        "gpt-5.4|criteria|t1.0, 60",
        "gpt-5.4|base|t1.0, 60",
        "claude-haiku-4.5|criteria|tdefault, 60",
        "gpt-5.4-nano|base|t1.0, 70"
    })
    void advantagesCorrelateWithThoseOfEightSamplesAtFewer(String setting, double mostPercent) {
        Total adaptive = new Total();
        double products = 0;
        double left = 0;
        double right = 0;
        for (JsonNode query : with(setting)) {
            GroupReward some = judge(query, setting, Goal.ADVANTAGES);
            adaptive.spend(some);
            double[] a = normalised(means(query, setting));
            double[] b = normalised(rewards(some));
            for (int i = 0; i < a.length; i++) {
                products += a[i] * b[i];
                left += a[i] * a[i];
                right += b[i] * b[i];
            }
        }

        assertThat(products / Math.sqrt(left * right))
                .as("%s, correlation", setting)
                .isGreaterThanOrEqualTo(0.99);
        assertThat(adaptive.percent()).as("%s, of the samples", setting).isLessThanOrEqualTo(mostPercent);
    }

    private static List<JsonNode> with(String setting) {
        return QUERIES.stream()
                .filter(query -> query.path("votes").has(setting))
                .toList();
    }

    private static final class Total {
        private int counted;
        private int correct;
        private long spent;
        private long most;

        void spend(GroupReward reward) {
            spent += reward.getSamplesSpent();
            most += reward.getK();
        }

        /** Right is only a highest reward that no other response has. */
        void add(JsonNode query, double[] rewards) {
            if (Arrays.stream(rewards).noneMatch(Double::isNaN)) {
                double top = rewards[query.path("best").asInt()];
                counted++;
                correct += Arrays.stream(rewards).filter(own -> own >= top).count() == 1 ? 1 : 0;
            }
        }

        double accuracy() {
            return 100.0 * correct / counted;
        }

        double percent() {
            return 100.0 * spent / most;
        }
    }

    private static double[] rewards(GroupReward reward) {
        return reward.getMembers().stream()
                .mapToDouble(member -> member.getReward() == null ? Double.NaN : member.getReward())
                .toArray();
    }

    /** What eight samples give, straight from the file. */
    private static double[] means(JsonNode query, String setting) {
        List<Double> means = new ArrayList<>();
        for (JsonNode scores : query.path("votes").path(setting)) {
            int sum = 0;
            int count = 0;
            for (int sample = 0; sample < K; sample++) {
                sum += scores.get(sample).asInt(0);
                count += scores.get(sample).isNull() ? 0 : 1;
            }
            means.add(count == 0 ? Double.NaN : (double) sum / count);
        }
        return means.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Centred, and divided by the standard deviation; all 0 without one, and when a response has no reward. */
    private static double[] normalised(double[] rewards) {
        double mean = Arrays.stream(rewards).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(rewards)
                .map(own -> (own - mean) * (own - mean))
                .average()
                .orElseThrow());
        return Arrays.stream(rewards)
                .map(own -> !(deviation > 1e-9) ? 0 : (own - mean) / deviation)
                .toArray();
    }

    private static GroupReward judge(JsonNode query, String setting, Goal goal) {
        JsonNode votes = query.path("votes").path(setting);
        var world = new World(Given.adaptive(goal, K, null, 1));
        for (int index = 0; index < votes.size(); index++) {
            world.rollout(Given.rollout(index, votes.size()));
        }
        while (world.rewards.isEmpty()) {
            for (Plan.Request request : world.plan().requests(world.beforeAsked.getLast(), K)) {
                int index = request.responses().getFirst();
                request.samples()
                        .forEach(sample -> world.critique(critique(
                                request.panel(),
                                index,
                                sample.sample(),
                                votes.get(index).get(sample.sample()))));
            }
        }
        return world.reward();
    }

    private static Critique critique(int panel, int index, int sample, JsonNode score) {
        return score.isNull()
                ? Given.failed(Given.GROUP, panel, sample, List.of(index), "JUDGE_ERROR")
                : Given.critique(Given.GROUP, panel, sample, List.of(index))
                        .setScores(List.of(new MemberScore(index, score.asInt())))
                        .build();
    }
}
