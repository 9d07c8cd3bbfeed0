/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.stream.StreamConfig;

class TopologyGoldenTest {

    @Test
    void keepsTheNamesUnderWhichStateStandsInTheCluster() throws IOException {
        var topology = Pipeline.topology(
                StreamConfig.from(Map.of()),
                new Topics("p."),
                new InMemorySchemaRegistry(),
                new StreamMetrics(new SimpleMeterRegistry()));

        try (var golden = getClass().getResourceAsStream("/topology.txt")) {
            assertThat(topology.describe().toString())
                    .as("a change here moves or loses state of running installations: is that meant?")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
