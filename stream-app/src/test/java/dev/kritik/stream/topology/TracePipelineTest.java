/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.TraceContext;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

/** A trace goes from the rollouts of a group to its requests and to its reward. */
class TracePipelineTest {

    private static final String ONE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @TempDir
    Path stateDir;

    private static void rollout(Bench bench, Rollout.Builder rollout, String parent) {
        Rollout built = rollout.build();
        var headers = new RecordHeaders();
        headers.add(TraceContext.PARENT, parent.getBytes(StandardCharsets.UTF_8));
        headers.add(TraceContext.STATE, "a=1".getBytes(StandardCharsets.UTF_8));
        bench.rollouts.pipeInput(new TestRecord<>(
                Bench.utf8(Keys.of(built.getJobId(), built.getGroupId())), bench.bytes(built), headers));
    }

    private static void assertHops(List<TraceContext> hops, String parent) {
        TraceContext first = TraceContext.parse(parent, "a=1").orElseThrow();
        assertThat(hops).isNotEmpty().allSatisfy(hop -> {
            assertThat(hop.traceId()).isEqualTo(first.traceId());
            assertThat(hop.flags()).isEqualTo(first.flags());
            assertThat(hop.state()).isEqualTo("a=1");
            assertThat(hop.spanId()).isNotEqualTo(first.spanId());
        });
        assertThat(new HashSet<>(hops)).hasSameSizeAs(hops);
    }

    @Test
    void aGroupBelongsToTheFirstTraceAmongItsRolloutsAlsoAfterARestart() {
        try (var bench = new Bench(stateDir.resolve("one"), Map.of("stream.samples.per.request", "1"));
                var successor = new Bench(stateDir.resolve("two"), Map.of("stream.samples.per.request", "1"))) {
            // Given: of three members the first has no trace, the second none that can be used
            bench.rollout(Given.rollout(0, 4));
            rollout(bench, Given.rollout(1, 4), ONE.toUpperCase(Locale.ROOT));
            rollout(bench, Given.rollout(2, 4), ONE);

            // When
            bench.handOver(successor);
            rollout(successor, Given.rollout(3, 4), OTHER);

            // Then
            List<TraceContext> requests = successor.requestTraces();
            assertThat(requests).hasSize(2);
            assertHops(requests, ONE);
        }
    }

    @Test
    void theRewardIsTheLastHopAndNothingIsKept() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given
            rollout(bench, Given.rollout(0, 2), ONE);
            bench.rollout(Given.rollout(1, 2));
            assertThat(bench.entries(GroupStore.BODIES)).isEqualTo(3);

            // When
            bench.answer(bench.requests(), 7);

            // Then
            assertHops(bench.rewardTraces(), ONE);
            assertThat(bench.entries(GroupStore.BODIES)).isZero();
        }
    }

    @Test
    void aGroupThatIsClosedByTheClockKeepsItsTraceAndOneWithoutATraceGetsNone() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given
            rollout(bench, Given.rollout(0, 2), ONE);
            bench.pass(Duration.ofMinutes(2));
            assertThat(bench.requests()).isNotEmpty();

            // When
            bench.pass(Duration.ofMinutes(3));
            List<TraceContext> timedOut = bench.rewardTraces();
            bench.rollout(Given.rollout(new GroupId("job", "plain", 0), 0, 1, "x"));
            bench.answer(bench.requests(), 7);

            // Then
            assertThat(timedOut).hasSize(1);
            assertHops(timedOut, ONE);
            assertThat(bench.rewardTraces()).isEmpty();
        }
    }
}
