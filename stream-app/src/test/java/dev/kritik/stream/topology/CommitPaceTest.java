/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class CommitPaceTest {

    /** Such clocks begin anywhere, below zero too. */
    private static final long NANOS = -5;

    private static final long EPOCH_MS = 1_800_000_000_000L;

    private long nowMs;
    private final CommitPace pace = new CommitPace(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            () -> NANOS + Duration.ofMillis(nowMs).toNanos(),
            () -> EPOCH_MS + nowMs);

    @Test
    void asksAtOnceWhenSomebodyWaits() {
        assertThat(dueAt(0)).isFalse();

        read(0);
        pace.written();

        assertThat(dueAt(1)).isTrue();
        assertThat(dueAt(100)).as("nothing was written since").isFalse();
    }

    @Test
    void keepsAGapBetweenTwo() {
        pace.written();
        assertThat(dueAt(0)).isTrue();

        pace.written();

        assertThat(dueAt(9)).isFalse();
        assertThat(pace.waiting()).isTrue();
        assertThat(dueAt(10)).isTrue();
        assertThat(pace.waiting()).isFalse();
    }

    @Test
    void leavesABusyTaskToTheInterval() {
        pace.written();
        assertThat(dueAt(0)).isTrue();

        for (int i = 0; i < 100; i++) {
            read(0);
        }
        pace.written();

        assertThat(dueAt(20)).isFalse();
        assertThat(dueAt(50)).isTrue();

        pace.written();
        assertThat(dueAt(60)).as("not busy any more").isTrue();
    }

    @Test
    void aThreadThatIsBehindCommitsSeldom() {
        pace.written();
        assertThat(dueAt(0)).isTrue();

        for (int i = 0; i < 100; i++) {
            pace.waited(201);
            read(0);
        }
        pace.written();

        assertThat(dueAt(199)).isFalse();
        assertThat(dueAt(200)).isTrue();
    }

    @Test
    void aSingleRecordThatDidNotWaitShowsThatTheThreadIsNotBehind() {
        pace.written();
        assertThat(dueAt(0)).isTrue();

        for (int i = 0; i < 100; i++) {
            pace.waited(i == 50 ? 200 : 10_000);
            read(0);
        }
        pace.written();

        assertThat(dueAt(49)).isFalse();
        assertThat(dueAt(50)).isTrue();
    }

    @Test
    void oldRecordsThatComeOneByOneHoldNothingBack() {
        pace.written();
        assertThat(dueAt(0)).isTrue();

        pace.waited(10_000);
        read(5);
        pace.written();

        assertThat(dueAt(10)).isTrue();
    }

    @Test
    void commitsThatTakeLongTakeHalfOfTheTimeAtMost() {
        // Given: each commit takes 100 ms, and records wait meanwhile
        int commits = 0;
        for (nowMs = 0; nowMs < 10_000; ) {
            read(nowMs - 200);
            pace.written();
            if (pace.due()) {
                commits++;
                nowMs += 100;
            } else {
                nowMs++;
            }
        }

        // Then
        assertThat(commits).isBetween(48, 52);
    }

    @Test
    void aRecordThatCameLaterSaysThatTheCommitTookLess() {
        // Given: one commit took 100 ms
        oneCommitTakes(100);

        // When: a record was written, and read, 20 ms after the next one was asked for
        nowMs = 120;
        read(119);
        pace.written();

        // Then
        assertThat(dueAt(139)).isFalse();
        assertThat(dueAt(140)).isTrue();
    }

    @Test
    void theCommitIsNotAlwaysTheNextThingThatTheThreadDoes() {
        // Given: one commit took 80 ms
        oneCommitTakes(80);

        // When: another record was in hand when the next one was asked for, and a third waited
        read(79);
        nowMs = 160;
        read(79);
        pace.written();

        // Then
        assertThat(dueAt(199)).isFalse();
        assertThat(dueAt(200)).isTrue();
    }

    @Test
    void whereLittleHappensNothingIsHeldBack() {
        for (int second = 1; second < 10; second++) {
            nowMs = second * 1000L;
            read(nowMs - 5);
            pace.written();

            assertThat(pace.due()).isTrue();
        }
    }

    /** The first, at 0; and another is asked for at its end. */
    private void oneCommitTakes(long ms) {
        pace.written();
        assertThat(dueAt(0)).isTrue();
        nowMs = ms;
        read(-1);
        pace.written();
        assertThat(dueAt(ms)).isTrue();
    }

    private boolean dueAt(long ms) {
        nowMs = ms;
        return pace.due();
    }

    private void read(long writtenMs) {
        pace.read(EPOCH_MS + writtenMs);
    }
}
