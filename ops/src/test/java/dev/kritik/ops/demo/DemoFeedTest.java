/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.schema.Rollout;

class DemoFeedTest {

    @Test
    void eachGroupIsATaskUnderAnIdOfItsOwnAndItsLabelNamesTheBestResponse() throws Exception {
        // Given
        List<EvalQuery> tasks = DemoFeed.tasks("demo");
        Random random = new Random(5);
        Set<String> ids = new HashSet<>();
        int labelled = 0;

        // When // Then
        for (int number = 0; number < 100; number++) {
            EvalQuery task = tasks.get(number % tasks.size());
            List<Rollout> group = DemoFeed.group(tasks, number, random, 1_000);
            assertThat(ids.add(group.getFirst().getGroupId())).isTrue();
            assertThat(group)
                    .extracting(Rollout::getGroupId)
                    .containsOnly(group.getFirst().getGroupId());
            String label = group.getFirst().getLabel();
            String best = task.rollouts().get(task.best()).getResponse();
            if (label != null && Integer.parseInt(label) < group.size()) {
                labelled++;
                assertThat(group.get(Integer.parseInt(label)).getResponse()).isEqualTo(best);
            }
        }
        assertThat(labelled).isBetween(50, 70);
    }

    @Test
    void someGroupsLackAMemberAndSomeBringARecordThatCanNotBeUsed() throws Exception {
        // Given
        List<EvalQuery> tasks = DemoFeed.tasks("demo");

        // When
        List<Rollout> lacking = DemoFeed.group(tasks, DemoFeed.INCOMPLETE - 1, new Random(5), 1_000);
        List<Rollout> poisoned = DemoFeed.group(tasks, DemoFeed.POISON - 1, new Random(5), 1_000);

        // Then
        assertThat(lacking).hasSize(lacking.getFirst().getGroupSize() - 1);
        assertThat(lacking).allMatch(rollout -> rollout.getDeadlineMs() > 1_000);
        assertThat(poisoned).hasSize(poisoned.getFirst().getGroupSize() + 1);
        assertThat(poisoned.getLast().getIndex())
                .isGreaterThanOrEqualTo(poisoned.getLast().getGroupSize());
        assertThat(poisoned).allMatch(rollout -> rollout.getDeadlineMs() == null);
    }
}
