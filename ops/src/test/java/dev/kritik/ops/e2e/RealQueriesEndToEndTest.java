/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.SharedData;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.rollouts.Defaults;
import dev.kritik.ops.rollouts.RolloutLine;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.Rollout;

/** Real conversations and responses, of 1 to 36 a query, in many scripts: each group ends once, with a reward for each. */
class RealQueriesEndToEndTest {

    @Test
    void eachRealQueryEndsWithExactlyOneTerminalRecord() throws Exception {
        // Given
        var file = SharedData.file("queries_main.jsonl");
        List<Rollout> rollouts = new ArrayList<>();
        Map<String, Integer> sizes = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            List<Rollout> group =
                    RolloutLine.parse(line, new Defaults("real", null, null, null, null), System.currentTimeMillis());
            sizes.put("real/" + group.getFirst().getGroupId() + "/0", group.size());
            rollouts.addAll(group);
        }
        try (var installation = new Installation(Map.of("stream.k", "2"))) {
            var judge = installation.judge(JudgeOptions.of(new SeededScores()));
            Client client = installation.client();
            installation.stream();
            installation.worker(judge.url().toString(), "seeded-scores", Map.of());
            // When
            client.publishAll(rollouts);
            Map<String, List<GroupReward>> rewards = client.awaitGroups(sizes.size(), Duration.ofSeconds(180));
            // Then
            assertThat(client.deadLetters()).isEmpty();
            assertThat(rewards.keySet()).isEqualTo(sizes.keySet());
            rewards.forEach((group, terminal) -> {
                assertThat(terminal).as(group).hasSize(1);
                GroupReward reward = terminal.getFirst();
                assertThat(reward.getStatus()).as(group).isEqualTo(GroupStatus.OK);
                assertThat(reward.getMembers()).as(group).hasSize(sizes.get(group));
                assertThat(reward.getMembers())
                        .as(group)
                        .extracting(MemberReward::getReward)
                        .doesNotContainNull();
            });
        }
    }
}
