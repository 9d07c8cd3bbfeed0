/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.kritik.local.Ports;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;

/** Bad judges through the real pipeline: nothing is lost, nothing is a number that nobody gave, reasons can be read. */
class BadJudgeEndToEndTest {

    /** Longer than all pauses between tries; a minute with {@code -Dkritik.slow=true}. */
    private static final long OUTAGE_SECONDS = Boolean.getBoolean("kritik.slow") ? 60 : 20;

    private Installation installation;
    private Client client;

    @BeforeEach
    void start() {
        installation = new Installation(Map.of("stream.k", "2", "stream.evaluate.timeout.ms", "180000"));
        client = installation.client();
        installation.stream();
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    @Test
    void aJudgeThatIsDownForAWhileCostsThatWhileAndNoReward() throws Exception {
        // Given
        int port = Ports.free("judge");
        installation.worker("http://127.0.0.1:" + port, "seeded-scores", Map.of());
        List<String> groups = IntStream.range(0, 20).mapToObj(i -> "down-" + i).toList();
        groups.forEach(group -> client.publishAll(Groups.whole(group, 4)));
        // When
        JudgeOptions options = JudgeOptions.of(new SeededScores());
        CompletableFuture.runAsync(
                        () -> installation.judge(new JudgeOptions(
                                options.recording(),
                                options.host(),
                                port,
                                options.latency(),
                                options.faults(),
                                options.retryAfter(),
                                options.capacity(),
                                options.queueLimit(),
                                options.seed())),
                        CompletableFuture.delayedExecutor(OUTAGE_SECONDS, TimeUnit.SECONDS))
                .join();
        // Then
        var rewards = client.awaitGroups(groups.size(), Duration.ofSeconds(OUTAGE_SECONDS + 40));
        assertThat(rewards.values()).allSatisfy(terminal -> {
            assertThat(terminal).hasSize(1);
            assertThat(terminal.getFirst().getStatus()).isEqualTo(GroupStatus.OK);
            assertThat(terminal.getFirst().getSamplesValid()).isEqualTo(2);
        });
    }

    @Test
    void aJudgeThatWritesGarbageGivesAFailureWithItsReasonsAndNoNumber() {
        // Given
        var judge = installation.judge(JudgeOptions.of(new SeededScores()).faults(Faults.parse("unparsable=1.0")));
        installation.worker(judge.url().toString(), "seeded-scores", Map.of("critic.attempts", "2"));
        // When
        client.publishAll(Groups.whole("garbage", 4));
        // Then
        GroupReward reward = client.awaitReward(Groups.JOB, "garbage", Duration.ofMinutes(1));
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.FAILED);
        assertThat(reward.getReason()).isEqualTo("TOO_FEW_VOTES");
        assertThat(reward.getDetail()).contains("INVALID");
        assertThat(reward.getMembers())
                .allSatisfy(member -> assertThat(member.getReward()).isNull());
        assertThat(judge.stats().requests()).isEqualTo(4); // two samples, two tries each
    }

    @Test
    void aJudgeWithAllKindsOfFaultsLosesNoGroup() {
        // Given
        var judge = installation.judge(JudgeOptions.of(new SeededScores())
                .faults(Faults.parse("429=0.1,500=0.1,truncated=0.1,unparsable=0.1,dropped=0.05")));
        installation.worker(judge.url().toString(), "seeded-scores", Map.of("critic.attempts", "5"));
        List<String> groups =
                IntStream.range(0, 50).mapToObj(i -> "faulty-" + i).toList();
        // When
        groups.forEach(group -> client.publishAll(Groups.whole(group, 4)));
        // Then
        var rewards = client.awaitGroups(groups.size(), Duration.ofMinutes(2));
        assertThat(rewards.values()).allSatisfy(terminal -> assertThat(terminal).hasSize(1));
        assertThat(rewards.values())
                .filteredOn(terminal -> terminal.getFirst().getStatus() == GroupStatus.OK)
                .hasSizeGreaterThan(45);
    }
}
