/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.schema.Rollout;

class ResamplingTest {

    private final Resampling resampling = new Resampling(3, 1, 2, null);

    @Test
    void aGroupComesAgainInTwoJobsWithoutAndWithTheAnswerTold() {
        // Given
        LabelledGroup group = Given.assembly(List.of(
                        Given.rollout(Given.GROUP, 0, "1", "a", "b")
                                .setReference("ref")
                                .setPanelSize(4)
                                .build(),
                        Given.rollout(Given.GROUP, 1, "1", "a", "b").build()))
                .group()
                .orElseThrow();

        // When
        List<List<Rollout>> groups = resampling.of(group);

        // Then
        assertThat(groups)
                .hasSize(2)
                .allSatisfy(members ->
                        assertThat(members).extracting(Rollout::getIndex).containsExactly(0, 1));
        assertThat(groups.get(0)).allSatisfy(rollout -> {
            assertThat(rollout.getJobId()).isEqualTo("job.rft");
            assertThat(rollout.getK()).isEqualTo(3);
            assertThat(rollout.getHint()).isNull();
        });
        assertThat(groups.get(1)).allSatisfy(rollout -> {
            assertThat(rollout.getJobId()).isEqualTo("job.hinted");
            assertThat(rollout.getK()).isEqualTo(1);
            assertThat(rollout.getHint()).isEqualTo(1);
        });
        assertThat(groups.stream().flatMap(List::stream)).allSatisfy(rollout -> {
            assertThat(rollout.getGroupId()).isEqualTo("q");
            assertThat(rollout.getGroupAttempt()).isEqualTo(2);
            assertThat(rollout.getKMeta()).isZero();
            assertThat(rollout.getPanelSize()).isEqualTo(4);
            assertThat(rollout.getReference()).isEqualTo("ref");
            assertThat(rollout.getLabel()).isEqualTo("1");
            assertThat(rollout.getMetadata()).containsEntry("domain", "math").containsEntry("sampled_from", "job/q/0");
        });
        assertThat(resampling.of(group)).isEqualTo(groups);
    }

    @Test
    void theHintOfASingleResponseIsItsScore() {
        assertThat(new Resampling(0, 2, 0, 1).of(Given.group("7", "a")))
                .singleElement()
                .satisfies(members -> assertThat(members).singleElement().satisfies(rollout -> {
                    assertThat(rollout.getHint()).isEqualTo(7);
                    assertThat(rollout.getK()).isEqualTo(2);
                    assertThat(rollout.getPanelSize()).isEqualTo(1);
                }));
    }

    @Test
    void refusesWhatIsHintedOrIncomplete() {
        LabelledGroup half = Given.assembly(
                        List.of(Given.rollout(Given.GROUP, 0, "1", "a", "b").build()))
                .group()
                .orElseThrow();
        LabelledGroup told = Given.assembly(List.of(
                        Given.rollout(Given.GROUP, 0, "4", "a").setHint(4).build()))
                .group()
                .orElseThrow();

        assertThatThrownBy(() -> resampling.of(half)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> resampling.of(told)).isInstanceOf(IllegalArgumentException.class);
    }
}
