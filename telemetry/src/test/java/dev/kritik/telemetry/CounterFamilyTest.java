/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

class CounterFamilyTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void hasOneCounterForEachSetOfLabels() {
        // Given
        var family = new CounterFamily(registry, "kritik.test", "Tests", "status", "reason");

        // When
        family.of("OK", null).increment();
        family.of("FAILED", "odd").increment(2);
        family.of("FAILED", "odd").increment();

        // Then
        assertThat(registry.get("kritik.test")
                        .tags("status", "OK", "reason", "none")
                        .counter()
                        .count())
                .isOne();
        Map<String, Long> totals = new TreeMap<>();
        family.forEach(totals::put);
        assertThat(totals).isEqualTo(Map.of("kritik.test.OK.none", 1L, "kritik.test.FAILED.odd", 3L));
    }

    @Test
    void countsUnderOneNameWhatWouldBeTooManyLabels() {
        // Given
        var family = new CounterFamily(registry, "kritik.test", "Tests", "reason");

        // When
        for (int i = 0; i < CounterFamily.MOST + 50; i++) {
            family.of("reason " + i).increment();
        }
        family.of("reason 0").increment();

        // Then
        assertThat(registry.get("kritik.test").counters()).hasSize(CounterFamily.MOST + 1);
        assertThat(registry.get("kritik.test")
                        .tag("reason", CounterFamily.OTHER)
                        .counter()
                        .count())
                .isEqualTo(50);
        assertThat(registry.get("kritik.test")
                        .tag("reason", "reason 0")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
