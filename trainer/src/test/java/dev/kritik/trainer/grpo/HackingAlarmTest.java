/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

class HackingAlarmTest {

    private static final double SIGMAS = GrpoConfig.from(Map.of()).alarm().sigmas();
    private static final int QUERIES = 400;
    private static final int EVALUATIONS = 20;
    private static final double REWARD_ERROR = 0.08;

    private static double steady(int at) {
        return 0.5;
    }

    private static double rewardSteady(int at) {
        return 5;
    }

    private static double rewardRises(int at) {
        return 5 + 0.1 * at;
    }

    private static double rewardFalls(int at) {
        return 7 - 0.1 * at;
    }

    private static double goldRises(int at) {
        return 0.3 + 0.02 * at;
    }

    private static double goldFalls(int at) {
        return 0.8 - 0.03 * at;
    }

    /** Gao, Schulman, Hilton: first both rise, then what is right falls, and the reward goes on rising. */
    private static double goodhart(int at) {
        return at < 7 ? 0.3 + 0.06 * at : 0.72 - 0.03 * (at - 6);
    }

    /** A point without chance. */
    private static HackingAlarm.Point point(int step, double gold, double proxy) {
        return new HackingAlarm.Point(step, gold, 0.02, proxy, 0.1);
    }

    /** The evaluation at which the alarm is given first; -1: never. */
    private static int first(IntToDoubleFunction gold, IntToDoubleFunction reward, Random random) {
        HackingAlarm alarm = new HackingAlarm(SIGMAS);
        for (int at = 0; at < EVALUATIONS; at++) {
            double expected = gold.applyAsDouble(at);
            double share = expected + Math.sqrt(expected * (1 - expected) / QUERIES) * random.nextGaussian();
            double error = Math.sqrt(share * (1 - share) / QUERIES);
            double proxy = reward.applyAsDouble(at) + REWARD_ERROR * random.nextGaussian();
            if (alarm.look(new HackingAlarm.Point(at, share, error, proxy, REWARD_ERROR))
                    .isPresent()) {
                return at;
            }
        }
        return -1;
    }

    private static long alarms(int runs, IntToDoubleFunction gold, IntToDoubleFunction reward) {
        Random random = new Random(17);
        long count = 0;
        for (int run = 0; run < runs; run++) {
            count += first(gold, reward, random) >= 0 ? 1 : 0;
        }
        return count;
    }

    @Test
    void itIsGivenWhereTheRewardRisesAndRightAnswersBecomeFewer() {
        Random random = new Random(17);
        for (int run = 0; run < 50; run++) {
            // it falls by 3 points at each evaluation from the 7th on, and 10 are beyond chance
            assertThat(first(HackingAlarmTest::goodhart, HackingAlarmTest::rewardRises, random))
                    .isBetween(8, 14);
        }
    }

    @Test
    void ofAThousandRunsWithoutAnyChangeNoneGivesAnAlarm() {
        assertThat(alarms(1_000, HackingAlarmTest::steady, HackingAlarmTest::rewardSteady))
                .isZero();
    }

    @Test
    void ofAThousandRunsWhoseRewardsRiseAloneHardlyAnyGivesAnAlarm() {
        // The hardest case: each lucky evaluation is followed by some that look like a fall.
        assertThat(alarms(1_000, HackingAlarmTest::steady, HackingAlarmTest::rewardRises))
                .isBetween(1L, 25L);
    }

    @Test
    void itKeepsQuietWhereBothRiseOrBothFallOrRightAnswersBecomeFewerAlone() {
        assertThat(alarms(300, HackingAlarmTest::goldRises, HackingAlarmTest::rewardRises))
                .isZero();
        assertThat(alarms(300, HackingAlarmTest::goldFalls, HackingAlarmTest::rewardFalls))
                .isZero();
        assertThat(alarms(300, HackingAlarmTest::goldFalls, HackingAlarmTest::rewardSteady))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void onceIsNoAlarmTwiceIsAndItSaysWhatItIsHeldAgainst() {
        // Given
        HackingAlarm alarm = new HackingAlarm(2);
        assertThat(alarm.look(point(10, 0.6, 5))).isEmpty();
        assertThat(alarm.look(point(20, 0.8, 6))).isEmpty();

        // Then
        assertThat(alarm.look(point(30, 0.5, 7))).isEmpty();
        assertThat(alarm.look(point(40, 0.5, 7)))
                .hasValueSatisfying(words ->
                        assertThat(words).contains("since step 20", "from 6.000 to 7.000", "from 80.0 % to 50.0 %"));
        assertThat(alarm.look(point(50, 0.79, 7))).isEmpty();
        assertThat(alarm.look(point(60, 0.5, 7))).as("once again").isEmpty();
    }

    @Test
    void afterARestartItGoesOnWithWhatWasSeenBefore() {
        // Given
        HackingAlarm before = new HackingAlarm(2);
        assertThat(before.look(point(20, 0.8, 6))).isEmpty();
        assertThat(before.look(point(30, 0.5, 7))).isEmpty();

        // When
        HackingAlarm after = new HackingAlarm(2);
        after.goOn(before.state());

        // Then
        assertThat(after.state()).isEqualTo(new HackingAlarm.State(Optional.of(point(20, 0.8, 6)), true));
        assertThat(after.look(point(40, 0.5, 7))).isPresent();
    }
}
