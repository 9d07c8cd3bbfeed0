/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

/** Topics of rollouts and rewards in memory, and readers of them; what is written reaches the reader that was opened last. */
final class FakeTopics {

    static final String JOB = "job";

    final Topics topics = new Topics("");
    final Map<TopicPartition, Long> begins = new HashMap<>();
    final Map<TopicPartition, Long> ends = new HashMap<>();
    SchemaRegistry registry = new InMemorySchemaRegistry();
    MockConsumer<byte[], byte[]> consumer;
    int mostPerPoll = 500;
    Random gaps = new Random(1);

    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final AvroSerializer<Rollout> rollouts = new AvroSerializer<>(registry, Rollout.class);
    private final AvroSerializer<GroupReward> rewards = new AvroSerializer<>(registry, GroupReward.class);
    private final int partitions;

    FakeTopics(int partitions) {
        this.partitions = partitions;
        for (String topic : List.of(topics.rollouts(), topics.rewards())) {
            for (int partition = 0; partition < partitions; partition++) {
                begins.put(new TopicPartition(topic, partition), 0L);
                ends.put(new TopicPartition(topic, partition), 0L);
            }
        }
    }

    void write(Rollout rollout) {
        write(topics.rollouts(), Keys.of(rollout.getJobId(), rollout.getGroupId()), bytes(rollout), 0);
    }

    void write(GroupReward reward) {
        byte[] bytes = rewards.serialize(topics.rewards(), reward);
        write(topics.rewards(), Keys.of(reward.getJobId(), reward.getGroupId()), bytes, 0);
    }

    byte[] bytes(Rollout rollout) {
        return rollouts.serialize(topics.rollouts(), rollout);
    }

    /** Writes a record, on the partition that its key says. */
    void write(String topic, String key, byte[] value, long timestamp) {
        TopicPartition partition = partition(topic, key);
        // Marks of transactions take offsets, too.
        ends.merge(partition, gaps.nextInt(4) == 0 ? 1L : 0L, Long::sum);
        var record = new ConsumerRecord<>(
                topic,
                partition.partition(),
                ends.get(partition),
                timestamp,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
        records.add(record);
        ends.merge(partition, 1L, Long::sum);
        if (consumer != null) {
            consumer.updateEndOffsets(ends);
            consumer.addRecord(record);
        }
    }

    TopicPartition partition(String topic, String key) {
        return new TopicPartition(topic, key == null ? 0 : Math.floorMod(key.hashCode(), partitions));
    }

    GroupReader open(Optional<GroupPosition> from, GroupReader.Start otherwise) {
        var mock = new MockConsumer<byte[], byte[]>("none");
        for (String topic : List.of(topics.rollouts(), topics.rewards())) {
            List<PartitionInfo> infos = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                infos.add(new PartitionInfo(topic, partition, null, null, null));
            }
            mock.updatePartitions(topic, infos);
        }
        mock.updateBeginningOffsets(begins);
        mock.updateEndOffsets(ends);
        mock.setMaxPollRecords(mostPerPoll);
        GroupReader reader = GroupReader.open(mock, registry, () -> {}, topics, JOB, from, otherwise);
        records.stream()
                .filter(record -> record.offset() >= begins.get(new TopicPartition(record.topic(), record.partition())))
                .forEach(mock::addRecord);
        consumer = mock;
        return reader;
    }
}
