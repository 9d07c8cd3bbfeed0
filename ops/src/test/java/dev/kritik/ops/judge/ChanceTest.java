/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

import dev.kritik.ops.judge.Faults.Fault;

class ChanceTest {

    private static final long SEED = 20_26;

    @Test
    void theSameRequestDrawsTheSame() {
        assertThat(Draws.of(SEED, "a", 0).uniform(1))
                .isEqualTo(Draws.of(SEED, "a", 0).uniform(1));
        assertThat(Draws.of(SEED, "a", 0).uniform(1))
                .isNotEqualTo(Draws.of(SEED, "a", 1).uniform(1));
        assertThat(Draws.of(SEED, "a", 0).uniform(1))
                .isNotEqualTo(Draws.of(SEED, "b", 0).uniform(1));
        assertThat(Draws.of(SEED, "a", 0).uniform(1))
                .isNotEqualTo(Draws.of(SEED + 1, "a", 0).uniform(1));
    }

    @Test
    void logNormalLatencyHasTheGivenMedianAndTail() {
        // Given
        Latency latency = Latency.parse("lognormal:200,1500");

        // When
        double[] drawn = IntStream.range(0, 20_000)
                .mapToDouble(i -> latency.millis(Draws.of(SEED, "r" + i, 0)))
                .sorted()
                .toArray();

        // Then
        assertThat(drawn[10_000]).isCloseTo(200, within(10.0));
        assertThat(drawn[19_800]).isCloseTo(1500, within(150.0));
    }

    @Test
    void uniformAndFixedLatencyStayWithinTheirBounds() {
        assertThat(Latency.parse("fixed:20").millis(Draws.of(SEED, "r", 0))).isEqualTo(20);
        assertThat(IntStream.range(0, 1000)
                        .mapToDouble(i -> Latency.parse("uniform:10,50").millis(Draws.of(SEED, "r" + i, 0))))
                .allMatch(ms -> ms >= 10 && ms < 50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "fixed", "fixed:x", "fixed:-1", "uniform:5", "uniform:5,1", "lognormal:0,5", "normal:1,2"})
    void anUnreadableLatencyIsRefused(String text) {
        assertThatThrownBy(() -> Latency.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void faultsStrikeAsOftenAsTold() {
        // Given
        Faults faults = Faults.parse("429=0.1, hang=0.05,unparsable=0.2");

        // When
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        for (int i = 0; i < 10_000; i++) {
            Fault fault = faults.pick(Draws.of(SEED, "r" + i, 0).uniform(2));
            if (fault != null) {
                counts.merge(fault, 1, Integer::sum);
            }
        }

        // Then
        assertThat(counts).containsOnlyKeys(Fault.RATE_LIMITED, Fault.HANG, Fault.UNPARSABLE);
        assertThat(counts.get(Fault.RATE_LIMITED)).isCloseTo(1000, within(150));
        assertThat(counts.get(Fault.HANG)).isCloseTo(500, within(100));
        assertThat(counts.get(Fault.UNPARSABLE)).isCloseTo(2000, within(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "429", "429=x", "430=0.1", "429=1.1", "429=-0.1", "429=0.6,500=0.6", "429=NaN"})
    void unreadableFaultsAreRefused(String text) {
        assertThatThrownBy(() -> Faults.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheSampleFromTheRequestIdAsTheWorkerWritesIt() {
        assertThat(SampleId.parse("job/a/b/0/p2/s11/t1")).contains(new SampleId("a/b", 11));
        assertThat(SampleId.parse("job/caf%C3%A9+%25/3/p0/s0")).contains(new SampleId("café+%", 0));
        assertThat(SampleId.parse("chatcmpl-123")).isEmpty();
        assertThat(SampleId.parse("job/a%/0/p0/s0/t1")).isEmpty();
        assertThat(SampleId.parse(null)).isEmpty();
    }
}
