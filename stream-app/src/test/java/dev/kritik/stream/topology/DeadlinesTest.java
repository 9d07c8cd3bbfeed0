/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

class DeadlinesTest {

    @TempDir
    Path stateDir;

    @Test
    void looksAtTheClockOnTheWallEveryHalfSecond() {
        // Given
        var context = new MockProcessorContext<byte[], byte[]>(new Properties(), new TaskId(0, 0), stateDir.toFile());
        for (var builder : GroupStore.builders()) {
            KeyValueStore<?, ?> store =
                    builder.withLoggingDisabled().withCachingDisabled().build();
            context.addStateStore(store);
            store.init(context.getStateStoreContext(), store);
        }
        var config = StreamConfig.from(Map.of());
        var processor = new GroupProcessor(
                config.rules(),
                new Outbox.Sizes(8, 1_000_000, 1_000_000),
                new Topics(""),
                new InMemorySchemaRegistry(),
                new StreamMetrics(new SimpleMeterRegistry()),
                () -> new CommitPace(
                        Duration.ofMillis(50), Duration.ofMillis(200), System::nanoTime, System::currentTimeMillis),
                System::nanoTime);

        // When
        processor.init(context);

        // Then
        assertThat(context.scheduledPunctuators()).singleElement().satisfies(punctuator -> {
            assertThat(punctuator.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
            assertThat(punctuator.getInterval()).isEqualTo(Duration.ofMillis(500));
        });
    }

    @Test
    void aClockForCommitsRunsOnlyWhileOneIsOwed() {
        // Given
        var registry = new InMemorySchemaRegistry();
        var context = contextWithStores();
        var nanos = new AtomicLong();
        context.setRecordMetadata("rollouts", 0, 0);
        context.setCurrentSystemTimeMs(1_000);
        var processor = processor(context, registry, nanos);

        // When: the second group asks for its critiques before another commit is allowed
        processor.process(record(registry, Given.rollout(new GroupId("job", "a", 0), 0, 1, "x")));
        assertThat(context.scheduledPunctuators()).hasSize(1);
        processor.process(record(registry, Given.rollout(new GroupId("job", "b", 0), 0, 1, "x")));

        // Then
        assertThat(context.scheduledPunctuators()).hasSize(2);
        var clock = context.scheduledPunctuators().getLast();
        assertThat(clock.getInterval()).isEqualTo(CommitPace.GAP);
        clock.getPunctuator().punctuate(0);
        assertThat(clock.cancelled()).as("it is too soon").isFalse();

        // When
        nanos.addAndGet(CommitPace.GAP.toNanos());
        context.resetCommit();
        clock.getPunctuator().punctuate(0);

        // Then
        assertThat(context.committed()).isTrue();
        assertThat(clock.cancelled()).isTrue();
    }

    private MockProcessorContext<byte[], byte[]> contextWithStores() {
        var context = new MockProcessorContext<byte[], byte[]>(new Properties(), new TaskId(0, 0), stateDir.toFile());
        for (var builder : GroupStore.builders()) {
            KeyValueStore<?, ?> store =
                    builder.withLoggingDisabled().withCachingDisabled().build();
            context.addStateStore(store);
            store.init(context.getStateStoreContext(), store);
        }
        return context;
    }

    @Test
    void deadlinesOfBeforeARestartWaitForWhatStandsUnread() {
        // Given: a group was open when the application stopped, and its deadline has passed since
        var registry = new InMemorySchemaRegistry();
        var context = contextWithStores();
        var nanos = new AtomicLong();
        context.setRecordMetadata("rollouts", 0, 0);
        context.setCurrentSystemTimeMs(1_000);
        processor(context, registry, nanos).process(rollout(registry, 0));
        context.resetForwards();
        context.setCurrentSystemTimeMs(10_000_000);
        var restarted = processor(context, registry, nanos);
        var clock = deadlines(context);

        // When, then: quiet while records come, and for a moment before the first
        clock.punctuate(10_000_000);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        restarted.process(rollout(registry, 0));
        clock.punctuate(10_000_000);
        assertThat(context.forwarded()).isEmpty();

        // When, then: nothing more to read
        context.resetCommit();
        nanos.addAndGet(CommitPace.GAP.toNanos());
        clock.punctuate(10_000_000);
        assertThat(context.forwarded()).isNotEmpty();
        assertThat(context.committed()).as("somebody waits for the reward").isTrue();
    }

    /** Of the processor that was made last. */
    private static Punctuator deadlines(MockProcessorContext<byte[], byte[]> context) {
        return context.scheduledPunctuators().stream()
                .filter(punctuator -> punctuator.getInterval().equals(GroupProcessor.ROUND))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .getPunctuator();
    }

    private static GroupProcessor processor(
            MockProcessorContext<byte[], byte[]> context, InMemorySchemaRegistry registry, AtomicLong nanos) {
        var processor = new GroupProcessor(
                StreamConfig.from(Map.of()).rules(),
                new Outbox.Sizes(8, 1_000_000, 1_000_000),
                new Topics(""),
                registry,
                new StreamMetrics(new SimpleMeterRegistry()),
                () -> new CommitPace(
                        Duration.ofMillis(50), Duration.ofMillis(200), nanos::get, System::currentTimeMillis),
                nanos::get);
        processor.init(context);
        return processor;
    }

    private static Record<byte[], byte[]> rollout(InMemorySchemaRegistry registry, int index) {
        return record(registry, Given.rollout(index, 2));
    }

    private static Record<byte[], byte[]> record(InMemorySchemaRegistry registry, Rollout.Builder builder) {
        Rollout rollout = builder.build();
        return new Record<>(
                Bench.utf8(Keys.of(rollout.getJobId(), rollout.getGroupId())),
                new AvroSerializer<>(registry, Rollout.class).serialize("rollouts", rollout),
                0);
    }

    @Test
    void stopsWhenTheTimeOfARoundIsUpAndResumesInTheNext() {
        // Given: looking at the clock takes 10 ms, so a round has room for few deadlines
        var nanos = new AtomicLong();
        try (var bench = new Bench(
                stateDir,
                Map.of(StreamConfig.MIN_RESPONSES, "2"),
                new InMemorySchemaRegistry(),
                () -> nanos.addAndGet(10_000_000))) {
            for (int group = 0; group < 12; group++) {
                bench.rollout(Given.rollout(new GroupId("job", "q" + group, 0), 0, 2, "x"));
            }

            // When, then
            bench.pass(Duration.ofMinutes(1));
            assertThat(bench.rewards()).hasSize(4);
            bench.pass(Duration.ofMillis(500));
            assertThat(bench.rewards()).hasSize(4);
            bench.pass(Duration.ofMillis(500));
            assertThat(bench.rewards()).hasSize(4);
            bench.pass(Duration.ofSeconds(5));
            assertThat(bench.rewards()).isEmpty();
        }
    }

    @Test
    void findsADeadlineThatIsSetBeforeThoseThatWereSearched() {
        try (var bench = new Bench(stateDir, Map.of(StreamConfig.MIN_RESPONSES, "2"))) {
            bench.pass(Duration.ofSeconds(100));
            bench.rollout(Given.rollout(new GroupId("job", "late", 0), 0, 2, "x"));
            bench.rollout(Given.rollout(new GroupId("job", "soon", 0), 0, 2, "x")
                    .setDeadlineMs(Bench.START.toEpochMilli() + 100_200));
            bench.pass(Duration.ofMillis(500));

            assertThat(bench.rewards())
                    .extracting(reward -> reward.getGroupId())
                    .containsExactly("soon");
        }
    }

    @Test
    void keepsTheKeysOfGroupsApart() {
        var id = new GroupId("j\u00f6b", "a/b", 3);
        byte[] key = StoreKeys.group(id);

        assertThat(StoreKeys.parse(key, 0)).isEqualTo(id);
        assertThat(List.of(new GroupId("job", "a", 0), new GroupId("job", "ab", 0), new GroupId("job", "a", 1)))
                .extracting(other -> StoreKeys.member(other, 0))
                .doesNotHaveDuplicates();
    }
}
