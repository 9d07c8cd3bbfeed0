/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

import dev.kritik.client.RewardedGroup;

class SettledTest {

    private static final double NONE = Double.NaN;

    private static Fate fate(RewardedGroup group) {
        return Settled.of(group, 5, 1, false).fate();
    }

    @Test
    void differentRewardsAreLearntFromAlsoWhereAMemberHasNone() {
        assertThat(fate(Given.group(0, 5L, 3, 8))).isEqualTo(Fate.TRAINED);
        assertThat(fate(Given.group(0, 5L, 3, NONE, 8))).isEqualTo(Fate.TRAINED);
    }

    @Test
    void rewardsThatAreAlikeOrJustOneAreFlat() {
        assertThat(fate(Given.group(0, 5L, 8, 8, 8))).isEqualTo(Fate.FLAT);
        assertThat(fate(Given.group(0, 5L, 8, NONE, 8))).isEqualTo(Fate.FLAT);
        assertThat(fate(Given.group(0, 5L, NONE, 8))).isEqualTo(Fate.FLAT);
    }

    @Test
    void withoutAnyRewardItIsUnrewardedHoweverOldItIs() {
        assertThat(fate(Given.group(0, 5L, NONE, NONE))).isEqualTo(Fate.UNREWARDED);
        assertThat(fate(Given.group(0, 1L, NONE, NONE))).isEqualTo(Fate.UNREWARDED);
    }

    @ParameterizedTest
    @CsvSource({"5, 0, TRAINED", "4, 1, TRAINED", "3, 2, STALE", "6, 1, TRAINED", "7, 2, STALE"})
    void versionsCountInBothDirections(long wrote, long away, Fate expected) {
        Settled settled = Settled.of(Given.group(0, wrote, 3, 8), 5, 1, false);
        assertThat(settled.staleness()).isEqualTo(away);
        assertThat(settled.fate()).isEqualTo(expected);
    }

    @Test
    void aFlatGroupThatIsTooOldIsStale() {
        assertThat(fate(Given.group(0, 1L, 8, 8))).isEqualTo(Fate.STALE);
    }

    @Test
    void aRewardedMemberWithoutTokensOrProbabilitiesMakesItUnusable() {
        // Given
        RewardedGroup whole = Given.group(0, 5L, 3, 8);

        // Then
        assertThat(fate(Given.with(whole, 1, rollout -> rollout.setPromptTokenIds(null))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(Given.with(whole, 1, rollout -> rollout.setPromptTokenIds(List.of()))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(Given.with(whole, 1, rollout -> rollout.setResponseTokenIds(null))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(Given.with(
                        whole,
                        1,
                        rollout -> rollout.setResponseTokenIds(List.of()).setResponseLogprobs(List.of()))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(Given.with(whole, 1, rollout -> rollout.setResponseLogprobs(null))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(Given.with(whole, 1, rollout -> rollout.setResponseLogprobs(List.of(-1f)))))
                .isEqualTo(Fate.UNUSABLE);
        assertThat(fate(new RewardedGroup(
                        whole.reward(), Map.of(0, whole.rollout(0).orElseThrow()))))
                .isEqualTo(Fate.UNUSABLE);
    }

    @Test
    void aMemberWithoutARewardNeedsNothing() {
        RewardedGroup group = Given.group(0, 5L, 3, 8, NONE);
        assertThat(fate(Given.with(group, 2, rollout -> rollout.setResponseTokenIds(null))))
                .isEqualTo(Fate.TRAINED);
    }

    @Test
    void whatWasCutOffIsMaskedIfThatIsWanted() {
        // Given
        RewardedGroup group = Given.cutOff(Given.group(0, 5L, 3, 8, 8), 0);

        // Then
        assertThat(Settled.of(group, 5, 1, false).rewards()).containsExactly(3, 8, 8);
        Settled masked = Settled.of(group, 5, 1, true);
        assertThat(masked.rewards()).containsExactly(NONE, 8, 8);
        assertThat(masked.fate()).isEqualTo(Fate.FLAT);
    }

    @Test
    void aGroupOfWhichAllWasCutOffIsFlatForItHadRewards() {
        RewardedGroup group = Given.cutOff(Given.cutOff(Given.group(0, 5L, 3, 8), 0), 1);
        Settled masked = Settled.of(group, 5, 1, true);
        assertThat(masked.fate()).isEqualTo(Fate.FLAT);
        assertThat(masked.judged()).isTrue();
    }

    @Test
    void aGroupOfAnUnknownPolicyIsTakenForFresh() {
        assertThat(Settled.of(Given.group(0, null, 3, 8), 5, 1, false).staleness())
                .isZero();
    }
}
