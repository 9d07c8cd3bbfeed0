/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.kritik.client.GroupSource;
import dev.kritik.client.RewardedGroup;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.data.DataException;

class GoldExchangeTest {

    private static final Duration AT_ONCE = Duration.ZERO;

    @TempDir
    private Path folder;

    private Path data(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private static List<Rollout> group(long number, String query) {
        return Given.rollouts(number, 4L, 1, 1).stream()
                .map(rollout -> Given.with(rollout, copy -> copy.setMetadata(Map.of(Rollouts.QUERY_ID, query))))
                .toList();
    }

    @Test
    void aRightAnswerHasTheHighestRewardAndAnyOtherTheLowest() throws IOException {
        // Given: members of a group answer "response 0" and "response 1"
        Path one = data("one.jsonl", "{\"id\":\"a\",\"prompt\":\"a?\",\"answers\":[\"response  1\"]}");
        Path two = data("two.jsonl", "{\"id\":\"b\",\"prompt\":\"b?\",\"answers\":[\"x\",\"response 0\"]}");

        try (Exchange exchange = Grpo.gold(List.of(one, two));
                GroupSource source = exchange.read(exchange.end())) {
            // When
            exchange.publish(List.of(group(0, "a"), group(1, "b")));

            // Then: in their order, whole, and each once
            RewardedGroup first = source.next(AT_ONCE).orElseThrow();
            RewardedGroup second = source.next(AT_ONCE).orElseThrow();
            assertThat(source.next(AT_ONCE)).isEmpty();
            assertThat(first.rewards()).containsExactly(1, 10);
            assertThat(second.rewards()).containsExactly(10, 1);
            assertThat(first.id()).isEqualTo(Given.NUMBERING.group(0));
            assertThat(first.reward().getPolicyVersion()).isEqualTo(4);
            assertThat(Given.settled(first).fate()).isEqualTo(Fate.TRAINED);
            assertThat(source.waiting()).isEmpty();
        }
    }

    @Test
    void queriesWithoutAnswersAreRefusedByTheirName() throws IOException {
        Path data = data("data.jsonl", "{\"prompt\":\"a?\",\"answers\":[\"x\"]}", "{\"prompt\":\"b?\"}");
        assertThatThrownBy(() -> Grpo.gold(List.of(data)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.jsonl, line 2")
                .hasMessageContaining("answers");
    }

    @Test
    void twoQueriesOfTheSameNameAreRefusedUnlessTheyAreTheSame() throws IOException {
        String same = "{\"id\":\"a\",\"prompt\":\"a?\",\"answers\":[\"x\"]}";
        Path twice = data("twice.jsonl", same, same);
        Path other = data("other.jsonl", "{\"id\":\"a\",\"prompt\":\"a?\",\"answers\":[\"y\"]}");
        Grpo.gold(List.of(twice)).close();
        assertThatThrownBy(() -> Grpo.gold(List.of(twice, other)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("other.jsonl")
                .hasMessageContaining("two different queries have the id a");
    }
}
