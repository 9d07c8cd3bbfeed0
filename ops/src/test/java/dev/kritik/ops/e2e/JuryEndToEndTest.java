/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.kritik.local.Ports;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Juror;
import dev.kritik.schema.SampleVote;

/** Two judges that vote together, one of which is away at first. */
class JuryEndToEndTest {

    private static final Map<String, String> JURY =
            Map.of("jury.judges", "here,away", "jury.patience.ms", "500", "jury.retry.ms", "500");

    private Installation installation;
    private Client client;

    @BeforeEach
    void start() {
        Map<String, String> config = new TreeMap<>(JURY);
        config.put("stream.k", "4");
        config.put("stream.goal", "fixed");
        config.put("stream.evaluate.timeout.ms", "180000");
        installation = new Installation(config);
        client = installation.client();
        installation.stream();
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    @Test
    void aJudgeThatIsAwayIsReplacedAndWritesAgainOnceItIsBack() throws Exception {
        // Given
        int port = Ports.free("judge");
        var here = installation.judge(JudgeOptions.of(new SeededScores()));
        Map<String, String> judges = new TreeMap<>(JURY);
        judges.put("jury.away.judge.openai.url", "http://127.0.0.1:" + port);
        installation.worker(here.url().toString(), "seeded-scores", judges);

        // When
        List<String> groups = IntStream.range(0, 10).mapToObj(i -> "away-" + i).toList();
        groups.forEach(group -> client.publishAll(Groups.whole(group, 4)));

        // Then: all votes are there, and each says in whose place
        client.awaitGroups(groups.size(), Duration.ofMinutes(1)).values().forEach(terminal -> {
            GroupReward reward = terminal.getFirst();
            assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
            assertThat(reward.getVotes())
                    .hasSize(4)
                    .extracting(SampleVote::getStatus, SampleVote::getJudge)
                    .containsOnly(tuple("OK", "here"));
            assertThat(reward.getVotes())
                    .filteredOn(vote -> "away".equals(vote.getReplaced()))
                    .hasSize(2);
            assertThat(reward.getJury().getLast())
                    .extracting(Juror::getName, Juror::getAsked, Juror::getValid, Juror::getReplaced)
                    .containsExactly("away", 2, 0, 2);
        });

        // When
        JudgeOptions options = JudgeOptions.of(new SeededScores());
        var back = installation.judge(new JudgeOptions(
                options.recording(),
                options.host(),
                port,
                options.latency(),
                options.faults(),
                options.retryAfter(),
                options.capacity(),
                options.queueLimit(),
                options.seed()));
        int writtenInItsOwnPlace = 0;
        for (int i = 0; writtenInItsOwnPlace < 2 && i < 60; i++) {
            client.publishAll(Groups.whole("back-" + i, 4));
            GroupReward reward = client.awaitReward(Groups.JOB, "back-" + i, Duration.ofMinutes(1));
            writtenInItsOwnPlace = reward.getJury().getLast().getValid();
        }

        // Then
        assertThat(writtenInItsOwnPlace).isEqualTo(2);
        assertThat(back.stats().requests()).isGreaterThanOrEqualTo(2);
    }
}
