/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

/** The figures that matter more than lag. */
class FiguresPipelineTest {

    @TempDir
    Path stateDir;

    private static GroupId id(String group) {
        return new GroupId("job", group, 0);
    }

    @Test
    void tellsHowOldTheOldestOpenGroupIs() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given
            assertThat(bench.gauge("kritik.groups.oldest.age")).isZero();
            bench.rollout(Given.rollout(id("first"), 0, 2, "a"));
            bench.pass(Duration.ofSeconds(10));
            bench.rollout(Given.rollout(id("second"), 0, 2, "a"));
            bench.pass(Duration.ofSeconds(5));

            // Then
            assertThat(bench.gauge("kritik.groups.oldest.age")).isEqualTo(15);

            // When the first is closed
            bench.rollout(Given.rollout(id("first"), 1, 2, "b"));
            bench.answer(bench.requests(), 7);

            // Then
            assertThat(bench.open()).isOne();
            assertThat(bench.gauge("kritik.groups.oldest.age")).isEqualTo(5);
        }
    }

    @Test
    void knowsWhatIsOpenAfterARestart() {
        // Given
        var registry = new InMemorySchemaRegistry();
        var context = new MockProcessorContext<byte[], byte[]>(new Properties(), new TaskId(0, 0), stateDir.toFile());
        for (var builder : GroupStore.builders()) {
            KeyValueStore<?, ?> store =
                    builder.withLoggingDisabled().withCachingDisabled().build();
            context.addStateStore(store);
            store.init(context.getStateStoreContext(), store);
        }
        context.setRecordMetadata("rollouts", 0, 0);
        var before = new SimpleMeterRegistry();
        GroupProcessor first = processor(context, registry, before);
        context.setCurrentSystemTimeMs(1_000);
        first.process(rollout(registry, "collecting", 2));
        context.setCurrentSystemTimeMs(3_000);
        first.process(rollout(registry, "judging", 1));

        // When
        first.close();
        var after = new SimpleMeterRegistry();
        GroupProcessor second = processor(context, registry, after);

        // Then
        assertThat(before.get("kritik.groups.open").gauge().value()).isZero();
        assertThat(before.get("kritik.groups.oldest.age").gauge().value()).isZero();
        assertThat(after.get("kritik.groups.open").gauge().value()).isEqualTo(2);
        assertThat(after.get("kritik.groups.oldest.age").gauge().value()).isEqualTo(9);
        assertThat(after.get("kritik.samples.pending").gauge().value()).isEqualTo(2);

        // When its task is revived after a failure
        second.init(context);

        // Then
        assertThat(after.get("kritik.groups.open").gauge().value()).isEqualTo(2);
    }

    private static GroupProcessor processor(
            MockProcessorContext<byte[], byte[]> context, SchemaRegistry registry, SimpleMeterRegistry meters) {
        var processor = new GroupProcessor(
                StreamConfig.from(Map.of(StreamConfig.K, "2")).rules(),
                new Outbox.Sizes(8, 1_000_000, 1_000_000),
                new Topics(""),
                registry,
                new StreamMetrics(meters, () -> Instant.ofEpochMilli(10_000)),
                () -> new CommitPace(
                        Duration.ofMillis(50), Duration.ofMillis(200), System::nanoTime, System::currentTimeMillis),
                System::nanoTime);
        processor.init(context);
        return processor;
    }

    private static Record<byte[], byte[]> rollout(SchemaRegistry registry, String group, int size) {
        Rollout rollout = Given.rollout(id(group), 0, size, "a").build();
        return new Record<>(
                Bench.utf8(Keys.of(rollout.getJobId(), rollout.getGroupId())),
                new AvroSerializer<>(registry, Rollout.class).serialize("rollouts", rollout),
                0);
    }

    @Test
    void tellsGroupsWhoseRewardsAreAllEqual() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // When
            for (String group : List.of("equal", "apart", "alone")) {
                bench.rollout(Given.rollout(id(group), 0, group.equals("alone") ? 1 : 2, "a"));
                if (!group.equals("alone")) {
                    bench.rollout(Given.rollout(id(group), 1, 2, "b"));
                }
                answer(bench, bench.requests(), group.equals("apart"));
            }

            // Then
            assertThat(bench.counter("kritik.groups.rewarded", "spread", "zero"))
                    .isOne();
            assertThat(bench.counter("kritik.groups.rewarded", "spread", "some"))
                    .isOne();
            assertThat(bench.counter("kritik.groups.closed", "status", "OK")).isEqualTo(3);
            assertThat(bench.counter("kritik.members", "status", "SCORED")).isEqualTo(5);
        }
    }

    private static void answer(Bench bench, List<CritiqueRequest> asked, boolean apart) {
        for (CritiqueRequest request : asked) {
            for (SampleSpec sample : request.getSamples()) {
                bench.critique(Given.critique(
                                id(request.getGroupId()), request.getPanel(), sample.getSample(), sample.getOrder())
                        .setScores(sample.getOrder().stream()
                                .map(index -> new MemberScore(index, apart ? 1 + index : 5))
                                .toList())
                        .build());
            }
        }
    }

    @Test
    void measuresTheTimeFromTheFirstRolloutToTheRewardAndWhatNeverCame() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given
            bench.rollout(Given.rollout(id("slow"), 0, 2, "a"));
            bench.pass(Duration.ofSeconds(20));
            bench.rollout(Given.rollout(id("slow"), 1, 2, "b"));

            // When: no critique comes within its two minutes
            bench.pass(Duration.ofSeconds(121));

            // Then
            assertThat(bench.rewards()).hasSize(1);
            assertThat(bench.seconds("kritik.reward.latency")).isBetween(140.0, 142.0);
            assertThat(bench.seconds("kritik.reward.judging")).isBetween(120.0, 122.0);
            assertThat(bench.counter("kritik.samples.unanswered")).isEqualTo(2);
            assertThat(bench.counter("kritik.groups.closed", "status", "TIMEOUT", "reason", "TOO_FEW_VOTES"))
                    .isOne();
            assertThat(bench.meters.get("kritik.rollouts.wait").timer().count()).isEqualTo(2);
        }
    }
}
