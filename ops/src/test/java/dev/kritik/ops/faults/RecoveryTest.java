/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import dev.kritik.ops.faults.Recovery.Mark;
import dev.kritik.ops.faults.Recovery.Observed;
import dev.kritik.ops.faults.Recovery.Took;
import dev.kritik.ops.faults.Recovery.Try;
import dev.kritik.ops.faults.Timeline.Entry;
import dev.kritik.ops.faults.Timeline.Event;

class RecoveryTest {

    private static final Observed NOTHING = new Observed(List.of(), List.of(), List.of(), List.of());

    private static Entry strike(long ms, int number, String fault, Integer... partitions) {
        return new Entry(ms, Event.STRIKE, number, fault, "it", List.of(partitions), "");
    }

    private static Entry healed(long ms, int number, String fault) {
        return new Entry(ms, Event.HEALED, number, fault, "it", List.of(), "");
    }

    private static OptionalLong only(List<Took> all) {
        assertThat(all).hasSize(1);
        return all.getFirst().ms();
    }

    @Test
    void ofAWorkerCountsTheLastNextTryOfWhatItHadInHand() {
        Observed observed = new Observed(
                List.of(),
                List.of(),
                List.of(),
                List.of(new Try(900, 2), new Try(1_400, 2), new Try(2_500, 3), new Try(9_000, 1)));

        assertThat(only(Recovery.of(List.of(strike(1_000, 0, "worker-kill")), observed)))
                .hasValue(1_500);
        assertThat(only(Recovery.of(List.of(strike(1_000, 0, "worker-kill")), NOTHING)))
                .isEmpty();
    }

    @Test
    void ofAStreamAppCountsTheLastOfItsPartitionsThatIsTakenUp() {
        Observed observed = new Observed(
                List.of(),
                List.of(
                        new Mark(0, 950),
                        new Mark(0, 4_000),
                        new Mark(0, 5_000),
                        new Mark(2, 7_000),
                        new Mark(1, 60_000)),
                List.of(),
                List.of());

        assertThat(only(Recovery.of(List.of(strike(1_000, 0, "stream-kill", 0, 2)), observed)))
                .hasValue(6_000);
        assertThat(only(Recovery.of(List.of(strike(1_000, 0, "stream-kill", 3)), observed)))
                .as("a partition without work tells nothing")
                .isEmpty();
    }

    @Test
    void ofABrokerCountsWhatComesLaterOfRolloutAndReward() {
        Observed observed = new Observed(
                List.of(new Mark(1, 3_000), new Mark(1, 3_100)),
                List.of(),
                List.of(new Mark(1, 1_000), new Mark(1, 5_500)),
                List.of());

        assertThat(only(Recovery.of(List.of(strike(1_000, 0, "broker-kill", 1)), observed)))
                .hasValue(4_500);
    }

    @Test
    void whatComesAfterTheNextKillIsNotOfThisOne() {
        List<Entry> timeline = List.of(strike(1_000, 0, "worker-kill"), strike(20_000, 1, "worker-kill"));
        Observed observed =
                new Observed(List.of(), List.of(), List.of(), List.of(new Try(2_000, 2), new Try(20_700, 2)));

        List<Took> took = Recovery.of(timeline, observed);

        assertThat(took).extracting(one -> one.ms().orElse(-1)).containsExactly(1_000L, 700L);
        assertThat(Recovery.lines(took)).singleElement().satisfies(line -> {
            assertThat(line.faults()).isEqualTo(2);
            assertThat(line.medianMs()).hasValue(1_000);
            assertThat(line.worstMs()).hasValue(1_000);
        });
    }

    @Test
    void ofAnythingElseCountsUntilRewardsComeAsBefore() {
        // Given ten rewards a second until 30 s, none until 50 s, and ten a second again
        List<Mark> rewards = LongStream.concat(
                        LongStream.iterate(0, ms -> ms < 30_000, ms -> ms + 100),
                        LongStream.iterate(50_000, ms -> ms < 90_000, ms -> ms + 100))
                .mapToObj(ms -> new Mark(0, ms))
                .toList();
        List<Entry> timeline = List.of(strike(30_000, 0, "judge-hang"), healed(40_000, 0, "judge-hang"));

        // When
        OptionalLong took = only(Recovery.of(timeline, new Observed(List.of(), List.of(), rewards, List.of())));

        // Then: the window from 49 s on holds 4 of 5 s of rewards
        assertThat(took).hasValue(9_000);
    }
}
