/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.ops.bench.load.JudgeLog.Work;
import dev.kritik.ops.judge.Outcome;
import dev.kritik.ops.judge.Visit;

class JudgeLogTest {

    private static final long S = 1_000_000_000L;

    private static Visit visit(String id, double arrived, double begun, double left, Outcome outcome) {
        return new Visit(id, (long) (arrived * S), (long) (begun * S), (long) (left * S), outcome);
    }

    @Test
    void placesAreBusyWithUsefulAnswersOnlyAndOnlyWithinTheTime() {
        // Given: one across the beginning, one inside, one across the end, one that failed, one that came twice, one
        // useless
        List<Visit> visits = List.of(
                visit("a", 8, 9, 11, Outcome.ANSWERED),
                visit("b", 10, 12, 14, Outcome.ANSWERED),
                visit("c", 19, 19, 23, Outcome.ANSWERED),
                visit("d", 12, 12, 18, Outcome.SERVER_ERROR),
                visit("b", 14, 14, 17, Outcome.ANSWERED),
                visit("useless", 14, 14, 17, Outcome.ANSWERED));

        // When
        Work work = Work.of(visits, id -> !id.equals("useless"), 10 * S, 20 * S);

        // Then
        assertThat(work.calls()).isEqualTo(2);
        assertThat(work.callsPerSecond()).isCloseTo(0.2, within(1e-9));
        assertThat(work.busy()).isCloseTo(1 + 2 + 1, within(1e-9));
        assertThat(work.use(2)).isCloseTo(0.2, within(1e-9));
        assertThat(work.waiting()).as("b waited for two of ten seconds").isCloseTo(0.2, within(1e-9));
    }

    @Test
    void theJudgesOwnTimeOfAGroupIsItsLongestRequest() {
        // Given: a group whose id holds a slash, as ids may
        JudgeLog log = new JudgeLog();
        log.accept(visit("job/g/1/0/p0/s0/t1", 1, 1, 2, Outcome.ANSWERED));
        log.accept(visit("job/g/1/0/p0/s1/t1", 1.5, 2, 4, Outcome.ANSWERED));
        log.accept(visit("job/g2/0/p0/s1/t1", 1.5, 2, 2.5, Outcome.ANSWERED));

        // When // Then
        assertThat(JudgeLog.longestMs(log.drain()))
                .containsEntry("job/g/1", 2500.0)
                .containsEntry("job/g2", 1000.0)
                .hasSize(2);
        assertThat(log.drain()).isEmpty();
        assertThat(JudgeLog.group("something else")).isEqualTo("something else");
    }
}
