/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class LoadingTest {

    private final Loading loading = new Loading();

    /** Work of a native library: an interrupt does not end it. */
    private static final class Native implements Runnable {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public void run() {
            begun.countDown();
            boolean ended = false;
            while (!ended) {
                try {
                    mayEnd.await();
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        }
    }

    @Test
    void stoppingInterruptsTheWorkAndWaitsForItsEndButNotForEver() throws Exception {
        // Given
        Native work = new Native();
        CompletableFuture<Void> loaded = CompletableFuture.runAsync(() -> loading.run(work));
        assertThat(work.begun.await(10, TimeUnit.SECONDS)).isTrue();

        // When
        boolean inTime = loading.stop(Duration.ofMillis(50));
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> loading.stop(Duration.ofMinutes(1)));

        // Then
        assertThat(inTime).isFalse();
        assertThat(work.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stopped).isNotCompleted();
        work.mayEnd.countDown();
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isTrue();
        loaded.get(10, TimeUnit.SECONDS);
    }

    @Test
    void workIsNotBegunAfterTheEndAndNotInterruptedAfterItsOwn() {
        // Given
        AtomicBoolean ran = new AtomicBoolean();
        loading.run(() -> ran.set(true));

        // When // Then
        assertThat(loading.stop(Duration.ZERO)).isTrue();
        assertThat(ran).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        loading.run(() -> ran.set(false));
        assertThat(ran).isTrue();
    }
}
