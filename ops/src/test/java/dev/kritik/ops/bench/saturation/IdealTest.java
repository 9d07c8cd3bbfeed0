/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.bench.load.JudgeLog;
import dev.kritik.ops.bench.load.MadeUp;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.Outcome;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.judge.Visit;

class IdealTest {

    @Test
    void itAsksWhatAWorkerWouldAsk() {
        // Given: groups of three, cut into two panels, two samples
        Ideal.Calls calls = new Ideal.Calls(MadeUp.whole("job", 10, 3, 40, 2, 2, "fixed"));

        // When
        List<Ideal.Call> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(calls.next());
        }

        // Then
        assertThat(Ideal.Calls.perGroup(3, 2, 2)).isEqualTo(4);
        assertThat(asked)
                .extracting(Ideal.Call::id)
                .containsExactly(
                        "job/g0/0/p0/s0/t1",
                        "job/g0/0/p1/s0/t1",
                        "job/g0/0/p0/s1/t1",
                        "job/g0/0/p1/s1/t1",
                        "job/g1/0/p0/s0/t1");
        assertThat(asked.get(0).prompt()).contains("Answer 0.0", "Answer 0.2").doesNotContain("Answer 0.1");
        assertThat(asked.get(1).prompt()).contains("Answer 0.1").doesNotContain("Answer 0.0");
    }

    @Test
    void allItsConnectionsAreAtTheJudge() throws Exception {
        // Given
        JudgeLog log = new JudgeLog();
        try (RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(new SeededScores()), log)) {
            // When
            new Ideal(judge.url(), 3)
                    .run(MadeUp.whole("job", Integer.MAX_VALUE, 2, 40, 1, 2, "fixed"), Duration.ofMillis(150));

            // Then
            List<Visit> visits = log.drain();
            assertThat(visits).hasSizeGreaterThan(2).extracting(Visit::outcome).containsOnly(Outcome.ANSWERED);
            assertThat(visits).extracting(Visit::requestId).doesNotHaveDuplicates();
            assertThat(judge.stats().requests()).isEqualTo(visits.size());
        }
    }

    @Test
    void aJudgeThatFailsIsNoIdeal() throws Exception {
        JudgeOptions failing = JudgeOptions.of(new SeededScores()).faults(Faults.parse("500=1"));
        try (RecordedJudge judge = RecordedJudge.start(failing)) {
            assertThatThrownBy(() -> new Ideal(judge.url(), 2)
                            .run(MadeUp.whole("job", 100, 2, 40, 1, 2, "fixed"), Duration.ofSeconds(5)))
                    .isInstanceOf(CommandFailed.class)
                    .hasMessageContaining("status 500");
        }
    }
}
