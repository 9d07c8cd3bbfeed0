/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class SupervisorTest {

    private final List<String> said = new ArrayList<>();
    private long now = Duration.ofHours(1).toNanos();
    private boolean alive = true;
    private boolean startable = true;
    private int starts;
    private final Supervisor supervisor = new Supervisor(said::add, () -> now);

    private void watch() {
        supervisor.watch("worker-1", () -> alive, this::restart, "worker.log");
    }

    private void restart() {
        starts++;
        if (!startable) {
            throw new IllegalStateException("no room");
        }
        alive = true;
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
        supervisor.tick();
    }

    @Test
    void whatRunsIsLeftAlone() {
        // Given
        watch();
        // When
        pass(100_000);
        // Then
        assertThat(starts).isZero();
        assertThat(said).isEmpty();
    }

    @Test
    void whatDiedIsSaidAndStartedAgainAfterASecond() {
        // Given
        watch();
        pass(70_000);
        alive = false;
        // When
        pass(0);
        pass(900);
        // Then
        assertThat(starts).isZero();
        assertThat(said).singleElement().asString().contains("worker-1", "in 1 s", "worker.log");
        // When
        pass(200);
        // Then
        assertThat(starts).isEqualTo(1);
        assertThat(said).hasSize(2).last().asString().contains("started again");
    }

    @Test
    void thePauseDoublesUpToAMinuteWhileItKeepsDyingAndIsShortAgainAfterAGoodMinute() {
        // Given
        watch();
        pass(70_000);
        List<String> pauses = new ArrayList<>();
        // When: dies again right after each start
        for (int i = 0; i < 9; i++) {
            alive = false;
            pass(0);
            pauses.add(said.getLast().replaceAll(".* in (\\d+) s.*", "$1"));
            pass(60_000);
        }
        // Then
        assertThat(pauses).containsExactly("1", "2", "4", "8", "16", "32", "60", "60", "60");
        // When
        pass(61_000);
        alive = false;
        pass(0);
        // Then
        assertThat(said.getLast()).contains("in 1 s");
    }

    @Test
    void whatCanNotBeStartedIsTriedAgainLater() {
        // Given
        watch();
        pass(70_000);
        alive = false;
        startable = false;
        // When
        pass(0);
        pass(1_000);
        // Then
        assertThat(said.getLast()).contains("could not be started", "no room");
        // When
        startable = true;
        pass(0);
        pass(2_000);
        // Then
        assertThat(starts).isEqualTo(2);
        assertThat(alive).isTrue();
    }
}
