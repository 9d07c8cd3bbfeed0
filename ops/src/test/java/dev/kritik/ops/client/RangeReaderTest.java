/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

class RangeReaderTest {

    private static final String TOPIC = "rollouts";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);
    private static final Bounds ALL = new Bounds(null, null, Map.of(), Map.of());

    /** A consumer whose records have a time that is 10 times their offset, and which knows the first one since a time. */
    private static final class Timed extends MockConsumer<byte[], byte[]> {
        Timed() {
            super("none");
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            Map<TopicPartition, OffsetAndTimestamp> first = new HashMap<>();
            times.forEach((partition, time) -> first.put(partition, new OffsetAndTimestamp((time + 9) / 10, time)));
            first.computeIfPresent(ONE, (partition, at) -> null);
            return first;
        }
    }

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final MockConsumer<byte[], byte[]> consumer = new Timed();
    private final List<String> read = new ArrayList<>();

    /** Partition 0 holds offsets 2 to 9, of which 9 is the mark of a transaction; partition 1 holds nothing. */
    private RangeReader<Rollout> open(Bounds bounds) {
        consumer.updatePartitions(
                TOPIC,
                List.of(new PartitionInfo(TOPIC, 0, null, null, null), new PartitionInfo(TOPIC, 1, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(ZERO, 2L, ONE, 0L));
        consumer.updateEndOffsets(Map.of(ZERO, 10L, ONE, 0L));
        return RangeReader.open(
                consumer, new AvroDeserializer<>(registry, Rollout.class), TOPIC, bounds, Duration.ofMillis(50));
    }

    /** Gives the records at the next poll; behind them the consumer passes over the mark. */
    private void give(RangeReader<Rollout> reader, long... offsets) throws IOException {
        consumer.schedulePollTask(() -> {
            for (long offset : offsets) {
                consumer.addRecord(record(offset));
            }
        });
        consumer.schedulePollTask(() -> consumer.seek(ZERO, 10));
        reader.read((partition, offset, bytes, value) -> read.add(offset + " " + value.getGroupId()), done -> {});
    }

    private ConsumerRecord<byte[], byte[]> record(long offset) {
        Rollout rollout = Rollout.newBuilder()
                .setJobId("job")
                .setGroupId("g" + offset)
                .setIndex(0)
                .setGroupSize(1)
                .setMessages(List.of(new Message("user", "q")))
                .setResponse("r")
                .build();
        byte[] value = offset == 5
                ? new byte[] {1, 2, 3}
                : new AvroSerializer<>(registry, Rollout.class).serialize(TOPIC, rollout);
        return new ConsumerRecord<>(
                TOPIC,
                0,
                offset,
                offset * 10,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    @Test
    void endsBehindTheMarkOfATransactionAndCountsWhatCannotBeRead() throws IOException {
        try (RangeReader<Rollout> reader = open(ALL)) {
            // When
            give(reader, 2, 5, 8);

            // Then
            assertThat(reader.spans()).isEqualTo(Map.of(0, new Span(2, 10), 1, new Span(0, 0)));
            assertThat(read).containsExactly("2 g2", "8 g8");
            assertThat(reader.unreadable()).isEqualTo(1);
        }
    }

    @Test
    void readsWhatIsOfTheTimesAndCountsWhatIsNot() throws IOException {
        try (RangeReader<Rollout> reader = open(new Bounds(30L, 70L, Map.of(), Map.of()))) {
            // When
            give(reader, 3, 6, 7, 8);

            // Then
            assertThat(reader.spans()).isEqualTo(Map.of(0, new Span(3, 10), 1, new Span(0, 0)));
            assertThat(read).containsExactly("3 g3", "6 g6");
            assertThat(reader.otherTimes()).isEqualTo(2);
        }
    }

    @Test
    void readsUpToAnOffsetAndNotWhatIsBehindIt() throws IOException {
        try (RangeReader<Rollout> reader = open(new Bounds(null, null, Map.of(0, 3L), Map.of(0, 8L)))) {
            give(reader, 3, 7, 8);
            assertThat(read).containsExactly("3 g3", "7 g7");
        }
    }

    @Test
    void aPartitionThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> open(new Bounds(null, null, Map.of(7, 0L), Map.of())))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("there is no [7]");
        assertThat(consumer.closed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 9, offset 1 is gone", "2, 11, offset 11 is not there yet", "11, 11, offset 11 is not there yet"})
    void offsetsThatAreNotThereAreNamed(long from, long to, String problem) {
        assertThatThrownBy(() -> open(new Bounds(null, null, Map.of(0, from), Map.of(0, to))))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("partition 0 of topic 'rollouts' holds offsets from 2 up to before 10")
                .hasMessageContaining(problem);
    }

    @Test
    void brokersThatGiveNothingMoreAreGivenUp() {
        try (RangeReader<Rollout> reader = open(ALL)) {
            assertThatThrownBy(() -> reader.read((partition, offset, bytes, value) -> {}, done -> {}))
                    .isInstanceOf(CommandFailed.class)
                    .hasMessageContaining("8 offsets are still to be read");
        }
    }
}
