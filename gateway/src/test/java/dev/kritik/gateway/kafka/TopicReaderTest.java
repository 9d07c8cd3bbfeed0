/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.gateway.Rewards;
import dev.kritik.gateway.jobs.Fingerprint;
import dev.kritik.gateway.jobs.JobId;
import dev.kritik.gateway.jobs.Ledger;
import dev.kritik.gateway.jobs.MemberMark;
import dev.kritik.gateway.jobs.Memory;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.registry.UnknownSchemaException;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

/** The reader on a consumer in memory. */
class TopicReaderTest {

    private static final TopicPartition ROLLOUTS = new TopicPartition("rollouts", 0);
    private static final TopicPartition REWARDS = new TopicPartition("rewards", 0);
    private static final Memory MEMORY = new Memory(3_600_000, 1000, 600_000);

    /** Knows no times: each partition is read from where we say. */
    private static final class Consumer extends MockConsumer<String, byte[]> {

        private final Map<TopicPartition, OffsetAndTimestamp> since = new HashMap<>();
        private volatile boolean silent;

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            if (silent) {
                throw new TimeoutException("no broker");
            }
            return super.endOffsets(partitions);
        }

        Consumer() {
            super("earliest");
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            return since;
        }
    }

    /** Knows no schema as often as {@link #lagging} says. */
    private final class Lagging implements SchemaRegistry {

        @Override
        public int register(String subject, Schema schema) {
            return registry.register(subject, schema);
        }

        @Override
        public Schema schemaById(int id) {
            if (lagging.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
                throw new UnknownSchemaException("not yet");
            }
            return registry.schemaById(id);
        }
    }

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final Consumer consumer = new Consumer();
    private final Ledger ledger = new Ledger(MEMORY);
    private final AtomicLong later = new AtomicLong();
    private final AtomicInteger lagging = new AtomicInteger();
    private final TopicReader reader = new TopicReader(
            consumer,
            new AvroDeserializer<>(new Lagging(), GroupReward.class),
            new Topics(""),
            ledger,
            MEMORY,
            () -> Instant.ofEpochMilli(System.currentTimeMillis() + later.get()));

    @BeforeEach
    void topics() {
        partitions("rollouts", 1);
        partitions("rewards", 1);
    }

    private void partitions(String topic, int number) {
        Node node = new Node(0, "a", 1);
        consumer.updatePartitions(
                topic,
                java.util.stream.IntStream.range(0, number)
                        .mapToObj(i -> new PartitionInfo(topic, i, node, new Node[] {node}, new Node[] {node}))
                        .toList());
        for (int i = 0; i < number; i++) {
            consumer.updateBeginningOffsets(Map.of(new TopicPartition(topic, i), 0L));
            consumer.updateEndOffsets(Map.of(new TopicPartition(topic, i), 0L));
        }
    }

    @AfterEach
    void close() {
        reader.close();
    }

    private void has(TopicPartition partition, long offset, String key, byte[] value, byte[] mark) {
        var headers = new RecordHeaders();
        if (mark != null) {
            headers.add(MemberMark.HEADER, mark);
        }
        consumer.addRecord(new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty()));
        consumer.updateEndOffsets(Map.of(partition, offset + 1));
    }

    private byte[] reward(String group) {
        try (var serializer = new AvroSerializer<GroupReward>(registry, GroupReward.class)) {
            return serializer.serialize(
                    "rewards", Rewards.of(new JobId("job", group, 0), System.currentTimeMillis(), 7.0));
        }
    }

    private boolean knows(String group) {
        return ledgerHas(new JobId.Group("job", group));
    }

    private boolean ledgerHas(JobId.Group group) {
        var jobs = new dev.kritik.gateway.jobs.Jobs(
                ledger, (rollouts, trace) -> null, reader, again -> {}, InstantSource.system());
        return jobs.find(group, null, Duration.ZERO)
                .toCompletableFuture()
                .join()
                .isPresent();
    }

    @Test
    void isReadyWhenAllThatWasThereHasBeenReadAndTellsWhoAsksWhenItHasCaughtUp() {
        // Given
        consumer.schedulePollTask(() -> {
            has(ROLLOUTS, 0, "job/a", null, new MemberMark(0, 0, 1, new Fingerprint(1, 2), 9).bytes());
            has(ROLLOUTS, 1, "job/native", new byte[] {1}, null);
            has(ROLLOUTS, 2, null, null, null);
            has(ROLLOUTS, 3, "nonsense", null, new byte[] {7});
            has(REWARDS, 0, "job/b", reward("b"), null);
            has(REWARDS, 1, "job/c", new byte[] {1, 2, 3}, null);
            has(REWARDS, 2, "job/d", reward("d"), null);
        });
        assertThat(reader.caughtUp()).isFalse();

        // When
        reader.start();
        assertThat(reader.awaitCaughtUp(Duration.ofSeconds(10))).isTrue();
        assertThat(reader.caughtUp()).as("as soon as it is said").isTrue();
        assertThat(reader.readUpToNow()).succeedsWithin(Duration.ofSeconds(5));

        // Then
        assertThat(knows("a")).isTrue();
        assertThat(knows("native")).isTrue();
        assertThat(knows("b")).isTrue();
        assertThat(knows("c")).isFalse();
        assertThat(knows("d")).as("behind a record that can't be read").isTrue();
        assertThat(ledger.size()).isEqualTo(4);
    }

    @Test
    void aRewardWhoseSchemaTheRegistryDoesNotKnowYetIsNotLost() {
        // Given
        lagging.set(1);
        consumer.schedulePollTask(() -> has(REWARDS, 0, "job/b", reward("b"), null));

        // When
        reader.start();

        // Then
        await().until(() -> ledger.size() == 1);
        assertThat(lagging).hasValue(0);
    }

    @Test
    void aRewardWhoseSchemaNeverComesHoldsUpTheOthersOnlyForAWhile() {
        // Given
        lagging.set(Integer.MAX_VALUE);
        consumer.schedulePollTask(() -> {
            has(REWARDS, 0, "job/b", new byte[] {0, 0, 0, 0, 99, 1}, null);
            has(ROLLOUTS, 0, "job/native", null, null);
        });
        reader.start();
        await().until(() -> lagging.get() < Integer.MAX_VALUE);

        // When
        later.set(31_000);

        // Then
        await().until(() -> ledger.size() == 1);
    }

    @Test
    void beginsWhereTheMemoryBegins() {
        // Given
        consumer.since.put(ROLLOUTS, new OffsetAndTimestamp(5, 1));
        consumer.updateEndOffsets(Map.of(ROLLOUTS, 6L, REWARDS, 3L));

        // When
        reader.start();
        consumer.schedulePollTask(() -> {
            has(ROLLOUTS, 5, "job/new", null, null);
            has(REWARDS, 3, "job/late", reward("late"), null);
        });
        await().until(() -> ledger.size() == 2);

        // Then: where no record is young enough, only what comes is read
        assertThat(knows("new")).isTrue();
        assertThat(knows("late")).isTrue();
    }

    @Test
    void aMissingTopicIsAnErrorThatNamesIt() {
        consumer.updatePartitions("rewards", List.of());

        assertThatThrownBy(reader::start).isInstanceOf(ConfigError.class).hasMessageContaining("rewards");
    }

    @Test
    void endsAndTellsWhoWaitsWhenTheTopicsCanNotBeRead() {
        // Given
        reader.start();
        await().until(reader::caughtUp);

        // When
        consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("not allowed")));

        // Then
        assertThat(reader.stopped().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(reader.caughtUp()).isFalse();
        assertThat(reader.readUpToNow()).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void isNotReadyWhileTheBrokersAreSilentAndThenAgain() {
        // Given
        reader.start();
        await().until(reader::caughtUp);

        // When: half a minute passes with brokers, then another without
        later.addAndGet(31_000);
        await().until(reader::caughtUp);
        consumer.silent = true;
        later.addAndGet(31_000);

        // Then
        await().during(Duration.ofMillis(300)).until(() -> !reader.caughtUp());
        assertThat(reader.readUpToNow()).failsWithin(Duration.ofSeconds(5));
        assertThat(reader.stopped().toCompletableFuture()).isNotDone();

        // When
        consumer.silent = false;
        later.addAndGet(6_000);

        // Then
        await().until(reader::caughtUp);
    }

    @Test
    void goesOnAfterAFailureThatPasses() {
        // Given
        reader.start();
        await().until(reader::caughtUp);

        // When
        consumer.schedulePollTask(() -> consumer.setPollException(new TimeoutException("no broker")));
        consumer.schedulePollTask(() -> has(REWARDS, 0, "job/b", reward("b"), null));

        // Then
        await().until(() -> ledger.size() == 1);
        assertThat(reader.stopped().toCompletableFuture()).isNotDone();
    }
}
