/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.schema.Rollout;

class MadeUpTest {

    @Test
    void responsesAreAsLongAsWantedAndNeverEqual() {
        // When
        MadeUp workload = MadeUp.whole("job", 20, 4, 300, 8, 4, "fixed");
        List<Rollout> all = java.util.stream.IntStream.range(0, workload.groups())
                .mapToObj(workload::group)
                .flatMap(List::stream)
                .toList();

        // Then
        assertThat(all).hasSize(80).allSatisfy(rollout -> {
            assertThat(rollout.getResponse().length()).isBetween(300, 315);
            assertThat(rollout.getGroupSize()).isEqualTo(4);
        });
        assertThat(all.stream().map(Rollout::getResponse).distinct()).hasSize(80);
        assertThat(workload.group(3)).isEqualTo(workload.group(3));
    }

    @Test
    void groupsThatStayOpenMissTheirLastMembers() {
        List<Rollout> open = new MadeUp("job", 1, 3, 2, 16, 1, 8, "fixed").group(0);

        assertThat(open).extracting(Rollout::getIndex).containsExactly(0, 1);
        assertThat(open).extracting(Rollout::getGroupSize).containsOnly(3);
    }

    @Test
    void anOpenLoopKeepsItsMeanRateAndRepeats() {
        // When
        Pace.Open pace = new Pace.Open(50, 7);
        Pace.Pauses first = pace.pauses();
        Pace.Pauses again = pace.pauses();
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            long pause = first.next();
            assertThat(again.next()).isEqualTo(pause).isNotNegative();
            sum += pause;
        }

        // Then
        assertThat(sum / 20_000.0 / 1e6).isBetween(19.0, 21.0);
        assertThatThrownBy(() -> new Pace.Open(0, 1)).hasMessageContaining("not above 0");
        assertThatThrownBy(() -> new Pace.Closed(0)).hasMessageContaining("nothing is ever sent");
    }
}
