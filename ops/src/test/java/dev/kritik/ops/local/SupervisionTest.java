/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

class SupervisionTest {

    @Test
    void whenItIsClosedAStartThatIsWaitedForHasEnded() {
        // Given: a process that has died, and whose start takes for ever
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean starting = new AtomicBoolean();
        AtomicBoolean givenUp = new AtomicBoolean();
        AtomicLong hours = new AtomicLong();
        Supervisor supervisor = new Supervisor(text -> {}, () -> hours.getAndIncrement() * 3_600_000_000_000L);
        supervisor.watch(
                "broker",
                () -> false,
                () -> {
                    starting.set(true);
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        givenUp.set(true);
                    }
                },
                "its log");

        // When
        try (Supervision supervision = Supervision.start(supervisor)) {
            await().untilTrue(starting);
            assertThat(supervision).isNotNull();
        }

        // Then
        assertThat(givenUp).isTrue();
    }
}
