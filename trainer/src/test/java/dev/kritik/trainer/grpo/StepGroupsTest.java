/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

import dev.kritik.client.Advantages;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.trainer.rl.Aggregation;

class StepGroupsTest {

    private static final double NONE = Double.NaN;
    private static final int MAX_TOKENS = 10;

    /** One of two responses, with 2 and 4 tokens, one that is masked, and a flat one with 3 and 3. */
    private static StepGroups groups() {
        return new StepGroups(List.of(
                Given.settled(Given.rewarded(Given.rollouts(0, 5L, 2, 9, 4), 2, NONE, 6)),
                Given.settled(Given.group(1, 5L, 8, 8)),
                Given.settled(Given.group(2, 5L, NONE, NONE)),
                Settled.of(Given.group(3, 1L, 1, 9), 5, 1, false)));
    }

    private static List<RlSequence> sequences(Aggregation aggregation, boolean fill) {
        return groups().sequences(Advantages.GRPO, aggregation, MAX_TOKENS, fill);
    }

    @Test
    void membersWithARewardOfGroupsWithASpreadAreLearntWithWhatWasWritten() {
        // When
        List<RlSequence> sequences = sequences(Aggregation.SEQUENCE, false);

        // Then: 2 and 6 are 4 - and + 2, and the deviation of this sample is the root of 8
        assertThat(sequences).hasSize(2);
        assertThat(sequences.get(0).sequence().tokens()).containsExactly(7, 8, 0, 1);
        assertThat(sequences.get(0).sequence().written()).isEqualTo(2);
        assertThat(sequences.get(0).oldLogProbs()).containsExactly(-0.5f, -1.5f);
        assertThat(sequences.get(1).sequence().tokens()).containsExactly(7, 8, 0, 1, 2, 3);
        assertThat(sequences.get(0).advantage()).isCloseTo(-2 / Math.sqrt(8), within(1e-12));
        assertThat(sequences.get(1).advantage()).isCloseTo(2 / Math.sqrt(8), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        // 4 outputs have a reward, with 12 tokens
        "SEQUENCE, false, 8, 16",
        "TOKEN, false, 12, 12",
        "CONSTANT, false, 40, 40",
        // 2 outputs with 6 tokens if the flat group was made up for
        "SEQUENCE, true, 4, 8",
        "TOKEN, true, 6, 6",
        "CONSTANT, true, 20, 20"
    })
    void flatGroupsCountAmongTheOutputsUnlessTheyWereMadeUpFor(
            Aggregation aggregation, boolean fill, double first, double second) {
        List<RlSequence> sequences = sequences(aggregation, fill);
        assertThat(sequences.get(0).tokenWeight()).isCloseTo(1 / first, within(1e-12));
        assertThat(sequences.get(1).tokenWeight()).isCloseTo(1 / second, within(1e-12));
    }

    @Test
    void figuresAreOfGroupsThatWereJudgedInTime() {
        // When
        Map<String, Object> values = groups().values();

        // Then
        assertThat(values)
                .containsEntry("reward", 6.0)
                .containsEntry("reward_spread", Math.sqrt(8) / 2)
                .containsEntry("flat_share", 0.5)
                .containsEntry("length", 3.0)
                .containsEntry("truncated_share", 0.0)
                .containsEntry("score_length_correlation", 1.0)
                .containsEntry("staleness", 0.0)
                .containsEntry("staleness_max", 0L);
        assertThat(groups().means()).containsExactly(4, 8);
        assertThat(groups().count(Fate.STALE)).isEqualTo(1);
        assertThat(groups().count(Fate.UNREWARDED)).isEqualTo(1);
    }

    @Test
    void theCorrelationOfRewardAndLengthIsThatWithinTheGroups() {
        // Given: within each group longer is worse, but the group with the longer responses has the better rewards
        StepGroups groups = new StepGroups(List.of(
                Given.settled(Given.rewarded(Given.rollouts(0, 5L, 1, 2, 3), 3, 1, 2)),
                Given.settled(Given.rewarded(Given.rollouts(1, 5L, 7, 9), 10, 9))));

        // Then: of (1,-1) (-1,0) (0,1) (.5,-1) (-.5,1) it is -2 / root of 2.5 * 4
        assertThat((double) groups.values().get("score_length_correlation"))
                .isCloseTo(-2 / Math.sqrt(2.5 * 4), within(1e-12));
    }

    @Test
    void thereIsNoCorrelationWhereLengthsOrRewardsNeverDiffer() {
        assertThat(new StepGroups(List.of(Given.settled(Given.group(0, 5L, 1, 9)))).values())
                .doesNotContainKey("score_length_correlation");
        assertThat(new StepGroups(List.of(Given.settled(Given.rewarded(Given.rollouts(0, 5L, 1, 9), 4, 4)))).values())
                .doesNotContainKey("score_length_correlation");
    }

    @Test
    void whatWasCutOffIsCounted() {
        StepGroups groups = new StepGroups(List.of(Given.settled(Given.cutOff(Given.group(0, 5L, 1, 9, 4, 3), 2))));
        assertThat(groups.values()).containsEntry("truncated_share", 0.25);
    }

    @Test
    void withNothingToLearnFromThereAreNoSequencesAndFiguresAreNumbers() {
        // Given: none at all; flat ones; one of which all members are masked
        StepGroups none = new StepGroups(List.of());
        StepGroups flat = new StepGroups(List.of(Given.settled(Given.group(0, 5L, 8, 8))));
        StepGroups masked = new StepGroups(List.of(Settled.of(
                Given.cutOff(Given.cutOff(Given.group(0, 5L, 3, 8), 0), 1), 5, 1, true)));

        // Then
        for (StepGroups groups : List.of(none, flat, masked)) {
            for (Aggregation aggregation : Aggregation.values()) {
                assertThat(groups.sequences(Advantages.GRPO, aggregation, MAX_TOKENS, false))
                        .isEmpty();
            }
            assertThat(groups.values().values())
                    .allSatisfy(
                            value -> assertThat(((Number) value).doubleValue()).isFinite());
        }
        assertThat(masked.means()).isEmpty();
        assertThat(masked.values()).containsEntry("flat_share", 1.0);
    }
}
