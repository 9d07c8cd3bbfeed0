/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.kritik.ops.faults.FaultKind.Part;
import dev.kritik.ops.faults.Schedule.Planned;

class ScheduleTest {

    private static final long TEN_MINUTES = 600_000;

    @Test
    void aSeedGivesTheSameScheduleAndAnotherOneAnother() {
        List<FaultKind> all = FaultKind.parse("all");

        assertThat(Schedule.of(7, TEN_MINUTES, all)).isEqualTo(Schedule.of(7, TEN_MINUTES, all));
        assertThat(Schedule.of(7, TEN_MINUTES, all)).isNotEqualTo(Schedule.of(8, TEN_MINUTES, all));
    }

    @Test
    void neverTakesMoreThanTheSystemBearsAtOnce() {
        for (long seed = 0; seed < 200; seed++) {
            List<Planned> faults =
                    Schedule.of(seed, TEN_MINUTES, FaultKind.parse("all")).faults();
            for (Planned one : faults) {
                for (Planned other : faults) {
                    boolean atOnce = one.number() < other.number() && other.atMs() < one.endMs();
                    assertThat(atOnce && !one.kind().goesWith(other.kind()))
                            .as("seed %d: %s and %s", seed, one, other)
                            .isFalse();
                    boolean brokersRest = one.number() < other.number()
                            && one.kind().takes(Part.BROKERS)
                            && other.kind().takes(Part.BROKERS);
                    assertThat(brokersRest && other.atMs() < one.endMs() + 12_000)
                            .as("seed %d: %s too soon after %s", seed, other, one)
                            .isFalse();
                }
                assertThat(one.target()).isBetween(0, one.kind().targets() - 1);
                assertThat(one.atMs()).isGreaterThanOrEqualTo(Schedule.CALM_MS);
                assertThat(one.endMs()).isLessThanOrEqualTo(TEN_MINUTES);
            }
        }
    }

    @Test
    void unlikeFaultsOverlapAndEachKindHasItsTurn() {
        Set<FaultKind> seen = EnumSet.noneOf(FaultKind.class);
        long overlaps = 0;
        for (long seed = 0; seed < 10; seed++) {
            List<Planned> faults =
                    Schedule.of(seed, TEN_MINUTES, FaultKind.parse("all")).faults();
            faults.forEach(fault -> seen.add(fault.kind()));
            overlaps += faults.stream()
                    .filter(one -> faults.stream()
                            .anyMatch(other -> other.number() > one.number() && other.atMs() < one.endMs()))
                    .count();
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(FaultKind.parse("all"));
        assertThat(overlaps).isGreaterThan(50);
    }

    @Test
    void listsAreReadByName() {
        assertThat(FaultKind.parse("worker-kill, JUDGE-429"))
                .containsExactly(FaultKind.WORKER_KILL, FaultKind.JUDGE_429);
        assertThat(FaultKind.parse("none")).isEmpty();
        assertThat(Schedule.of(1, TEN_MINUTES, List.of()).faults()).isEmpty();
        assertThat(FaultKind.parse("all")).doesNotContain(FaultKind.REGISTRY_WIPE, FaultKind.UPGRADE);
        assertThatThrownBy(() -> FaultKind.parse("worker-kil"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'worker-kil'")
                .hasMessageContaining("worker-kill");
    }
}
