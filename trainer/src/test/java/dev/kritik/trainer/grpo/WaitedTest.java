/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class WaitedTest {

    private static final Duration SAY = Duration.ofSeconds(30);

    private long now = 1_000;
    private final Waited waited = new Waited(() -> now);

    private void slice(long seconds, boolean generating) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        waited.slice(generating);
    }

    @Test
    void timeIsThatOfTheGeneratorWhileItWorksAndElseThatOfTheRewards() {
        waited.begin();
        slice(2, true);
        slice(3, false);
        slice(5, true);
        assertThat(waited.generation()).isEqualTo(TimeUnit.SECONDS.toNanos(7));
        assertThat(waited.rewards()).isEqualTo(TimeUnit.SECONDS.toNanos(3));

        // a step later
        now += TimeUnit.SECONDS.toNanos(100);
        waited.begin();
        slice(1, false);
        assertThat(waited.generation()).isZero();
        assertThat(waited.rewards()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void silenceBeginsWithTheWaitingAndAnewWithEachGroupThatComes() {
        now += TimeUnit.HOURS.toNanos(1);
        waited.begin();
        slice(40, false);
        assertThat(waited.silence()).hasSeconds(40);
        waited.came();
        assertThat(waited.silence()).isZero();
        slice(1, false);
        assertThat(waited.silence()).hasSeconds(1);
    }

    @Test
    void whileTheGeneratorWritesNobodyElseIsSilent() {
        waited.begin();
        slice(3_000, true);
        assertThat(waited.silence()).isZero();
        assertThat(waited.sayNow(SAY)).isFalse();
        slice(31, false);
        assertThat(waited.silence()).hasSeconds(31);
        assertThat(waited.sayNow(SAY)).isTrue();
    }

    @Test
    void itIsSaidOnceInAWhile() {
        waited.begin();
        slice(30, false);
        assertThat(waited.sayNow(SAY)).isFalse();
        slice(1, false);
        assertThat(waited.sayNow(SAY)).isTrue();
        assertThat(waited.sayNow(SAY)).isFalse();
        slice(31, false);
        assertThat(waited.sayNow(SAY)).isTrue();
    }

    @Test
    void aStepsTimeIsThatSinceTheOneBeforeAndTheFirstSinceTheBeginning() {
        // Given
        Pace pace = new Pace(() -> now);
        now += TimeUnit.HOURS.toNanos(1);
        pace.begin();
        waited.begin();
        slice(4, false);
        long learning = now;
        now += TimeUnit.SECONDS.toNanos(6);

        // When
        Map<String, Object> first = new HashMap<>();
        pace.step(learning, 500, TimeUnit.SECONDS.toNanos(3), waited, first);
        now += TimeUnit.SECONDS.toNanos(2);
        Map<String, Object> second = new HashMap<>();
        pace.step(now, 700, TimeUnit.SECONDS.toNanos(4), waited, second);
        Map<String, Object> none = new HashMap<>();
        pace.step(now, 700, TimeUnit.SECONDS.toNanos(4), waited, none);

        // Then
        assertThat(first)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "wait_seconds", 4.0,
                        "wait_generation_seconds", 0.0,
                        "learn_seconds", 6.0,
                        "generate_seconds", 3.0,
                        "wall_seconds", 10.0,
                        "generated_tokens_per_second", 50.0));
        assertThat(second)
                .containsEntry("wall_seconds", 2.0)
                .containsEntry("generate_seconds", 1.0)
                .containsEntry("generated_tokens_per_second", 100.0);
        assertThat(none).containsEntry("wall_seconds", 0.0).containsEntry("generated_tokens_per_second", 0.0);
    }
}
