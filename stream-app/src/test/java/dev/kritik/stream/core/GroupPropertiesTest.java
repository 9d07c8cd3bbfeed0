/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;

/** Whatever the order, and however often records come, a group ends with one and the same record. */
class GroupPropertiesTest {

    @RepeatedTest(200)
    void endsWithTheSameRecordWhateverTheOrderOfEventsAndHoweverOftenTheyCome(RepetitionInfo repetition) {
        // Given
        long seed = repetition.getCurrentRepetition();
        var random = new Random(seed);
        int size = 1 + random.nextInt(20);
        int different = 1 + random.nextInt(size);
        Rules rules = Given.rules(1 + random.nextInt(6), null, 1 + random.nextInt(9), 1, 1);
        List<Rollout> rollouts = IntStream.range(0, size)
                .mapToObj(index -> Given.rollout(Given.GROUP, index, size, "r" + index % different)
                        .build())
                .toList();

        // When
        GroupReward straight = run(rules, rollouts, new Random(seed), false, seed);
        GroupReward shuffled = run(rules, rollouts, new Random(seed + 1_000_000), true, seed);

        // Then
        assertThat(shuffled).as("seed %d", seed).isEqualTo(straight);
        straight.getMembers()
                .forEach(member -> assertThat(member.getReward())
                        .as("seed %d: the reward follows from the votes", seed)
                        .isEqualTo(recomputed(
                                straight, member.getJudgedAs() == null ? member.getIndex() : member.getJudgedAs())));
    }

    private static Double recomputed(GroupReward reward, int index) {
        var mean = reward.getVotes().stream()
                .flatMap(vote -> vote.getScores().stream())
                .filter(score -> score.getIndex() == index && score.getKept())
                .mapToInt(score -> score.getScore())
                .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    private static GroupReward run(Rules rules, List<Rollout> rollouts, Random random, boolean chaos, long seed) {
        var world = new World(rules);
        List<Rollout> arriving = new ArrayList<>(rollouts);
        if (chaos) {
            Collections.shuffle(arriving, random);
        }
        for (Rollout rollout : arriving) {
            world.rollout(rollout);
            if (chaos && random.nextBoolean()) {
                world.rollout(arriving.get(random.nextInt(arriving.indexOf(rollout) + 1)));
            }
        }
        assertThat(world.asked).as("seed %d", seed).hasSize(1);
        List<Critique> critiques = answers(world.plan(), seed);
        List<Critique> coming = new ArrayList<>(critiques);
        if (chaos) {
            Collections.shuffle(coming, random);
        }
        for (Critique critique : coming) {
            assertThat(world.rewards).as("seed %d", seed).isEmpty();
            world.critique(critique);
            if (chaos && random.nextBoolean()) {
                world.critique(critique);
            }
        }
        if (chaos) {
            world.rollout(arriving.get(random.nextInt(arriving.size())));
        }
        assertThat(world.discarded).as("seed %d", seed).isEmpty();
        return world.reward();
    }

    /** The same critique for the same sample, whoever asks. */
    private static List<Critique> answers(Plan plan, long seed) {
        List<Critique> critiques = new ArrayList<>();
        for (int sample = 0; sample < plan.samples(); sample++) {
            for (int panel = 0; panel < plan.panels(); panel++) {
                var random = new Random(seed * 31 + sample * 1009L + panel);
                List<Integer> order = plan.order(panel, sample);
                if (random.nextInt(5) == 0) {
                    critiques.add(Given.failed(Given.GROUP, panel, sample, order, "JUDGE_ERROR"));
                } else {
                    List<MemberScore> scores = order.stream()
                            .map(index -> new MemberScore(index, 1 + random.nextInt(10)))
                            .toList();
                    critiques.add(Given.critique(Given.GROUP, panel, sample, order)
                            .setScores(scores)
                            .setMetaLogit(random.nextInt(4) == 0 ? null : (Double) random.nextGaussian())
                            .setMetaModel("meta")
                            .build());
                }
            }
        }
        return critiques;
    }
}
