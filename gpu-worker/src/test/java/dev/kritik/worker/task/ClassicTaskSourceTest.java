/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.Cluster;
import dev.kritik.worker.task.Fixtures.Call;
import dev.kritik.worker.task.Fixtures.ManualHandler;

/** On a real broker. */
class ClassicTaskSourceTest {

    private static final int PARTITIONS = 4;

    private final Topics topics = Cluster.freshTopics();
    private final String group = topics.prefix() + "kritik-workers";

    private TaskSource source(String name, int slots) {
        return new ClassicTaskSource(
                new SourceSettings(
                        topics.critiqueRequests(),
                        group,
                        name,
                        slots,
                        3,
                        new Backoff(Duration.ofMillis(20), Duration.ofMillis(40)),
                        Duration.ofSeconds(5),
                        new KafkaSettings(Cluster.client(), topics)),
                new TaskMetrics(new SimpleMeterRegistry()));
    }

    @BeforeEach
    void createTopic() throws Exception {
        Cluster.create(PARTITIONS, List.of(topics.critiqueRequests()));
    }

    private void produce(int partition, int records) throws Exception {
        try (Producer<byte[], byte[]> producer = Cluster.producer()) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topics.critiqueRequests(), partition, null, new byte[] {1}))
                        .get();
            }
        }
    }

    private long committed() throws Exception {
        try (Admin admin = Admin.create(Cluster.client())) {
            Map<TopicPartition, org.apache.kafka.clients.consumer.OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get();
            return offsets.values().stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        }
    }

    /** Does each task after a moment and remembers it. */
    private static final class CountingHandler implements TaskHandler {
        final BlockingQueue<String> done = new LinkedBlockingQueue<>();
        final Set<String> distinct = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<Void> handle(Task task) {
            return CompletableFuture.runAsync(
                    () -> {
                        done.add(task.id());
                        distinct.add(task.id());
                    },
                    CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS));
        }

        @Override
        public CompletableFuture<Void> giveUp(Task task, Throwable why) {
            throw new AssertionError("nothing failed");
        }
    }

    @Test
    void aSecondMemberTakesOverItsShareAndNothingIsLostOrDoneTwice() throws Exception {
        // Given
        int perPartition = 150;
        CountingHandler handler = new CountingHandler();
        CountingHandler secondHandler = new CountingHandler();
        TaskSource first = source("worker-a", 4);
        TaskSource second = source("worker-b", 4);
        try {
            first.start(handler);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                produce(partition, perPartition);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> handler.distinct.size() > 20);

            // When
            second.start(secondHandler);
            await().atMost(Duration.ofSeconds(30)).until(second::ready);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                produce(partition, perPartition);
            }

            // Then
            int all = 2 * PARTITIONS * perPartition;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> handler.distinct.size() + secondHandler.distinct.size() >= all);
            await().atMost(Duration.ofSeconds(10)).until(() -> committed() == all);
            assertThat(secondHandler.distinct).isNotEmpty();
            assertThat(handler.done.size() + secondHandler.done.size())
                    .as("an orderly rebalance runs nothing twice")
                    .isEqualTo(all);
        } finally {
            first.close(Duration.ofSeconds(5));
            second.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void runsUncommittedTasksAgainAfterACloseThatCutThemOff() throws Exception {
        // Given
        ManualHandler handler = new ManualHandler();
        TaskSource first = source("worker-a", 3);
        first.start(handler);
        produce(0, 3);
        Call[] calls = new Call[3];
        for (int i = 0; i < 3; i++) {
            calls[i] = handler.calls.poll(30, TimeUnit.SECONDS);
            assertThat(calls[i]).isNotNull();
        }

        // When
        calls[0].work().complete(null);
        calls[2].work().complete(null);
        first.close(Duration.ofMillis(500));

        // Then
        assertThat(calls[1].work()).isCancelled();
        assertThat(committed()).isEqualTo(1);
        CountingHandler next = new CountingHandler();
        TaskSource second = source("worker-b", 3);
        second.start(next);
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> committed() == 3);
            assertThat(next.distinct).hasSize(2);
        } finally {
            second.close(Duration.ofSeconds(1));
        }
    }
}
