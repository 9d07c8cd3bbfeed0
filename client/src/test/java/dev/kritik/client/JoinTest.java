/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

class JoinTest {

    private static final GroupId A = new GroupId("job", "a", 0);
    private static final GroupId B = new GroupId("job", "b", 0);

    @Test
    void ofWhatWasReadBeforeThePositionOnlyGroupsThatWaitComeAgain() {
        // Given: nothing says whose groups are over but the position
        var position = new GroupPosition(Map.of(0, 700L), Map.of(0, 5L), Map.of(0, 8L), Set.of(A));
        var join = new Join(position, Map.of(0, 700L));

        // When
        join.rollout(0, 5, Given.rollout(A, 0, 1, ""));
        join.rollout(0, 6, Given.rollout(B, 0, 1, ""));
        join.rolloutsRead(0, 8);

        // Then
        assertThat(join.waiting()).containsExactly(A);
        assertThat(join.gathered()).isEqualTo(1);
        assertThat(join.position()).isEqualTo(position);
    }

    @Test
    void positionStaysWhatItWasUntilEverythingBeforeItHasBeenReadAgain() {
        // Given
        var position = new GroupPosition(Map.of(0, 700L), Map.of(0, 5L), Map.of(0, 8L), Set.of(A, B));
        var join = new Join(position, Map.of(0, 200L));

        // When
        join.rollout(0, 5, Given.rollout(A, 0, 1, ""));
        join.rolloutsRead(0, 6);
        join.rewardsRead(0, 300);

        // Then
        assertThat(join.position()).isEqualTo(position);
    }

    @Test
    void secondRewardOfAGroupIsPassedOver() {
        // Given
        var join = new Join(new GroupPosition(Map.of(0, 0L), Map.of(0, 0L), Map.of(0, 0L), Set.of()), Map.of(0, 0L));
        join.rollout(0, 0, Given.rollout(A, 0, 1, ""));
        join.reward(0, 0, Given.reward(A, 1));
        join.reward(0, 1, Given.reward(A, 1));
        join.rewardsRead(0, 2);

        // When, Then
        assertThat(join.next()).map(RewardedGroup::id).hasValue(A);
        assertThat(join.next()).isEmpty();
        assertThat(join.position().rewards()).containsEntry(0, 2L);
    }
}
