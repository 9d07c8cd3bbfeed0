/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.Cluster;
import dev.kritik.worker.task.Fixtures.Call;
import dev.kritik.worker.task.Fixtures.ManualHandler;

/** On a real broker. */
class ShareTaskSourceTest {

    private static final int LOCK_MILLIS = 1500;
    private static final int DELIVERIES = 3;

    private final Topics topics = Cluster.freshTopics();
    private final String group = topics.prefix() + "kritik-workers";
    private final ManualHandler handler = new ManualHandler();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TaskSource source = source("worker-a");

    private TaskSource source(String name) {
        return new ShareTaskSource(
                new SourceSettings(
                        topics.critiqueRequests(),
                        group,
                        name,
                        1,
                        5,
                        new Backoff(Duration.ofMillis(20), Duration.ofMillis(40)),
                        Duration.ofSeconds(5),
                        new KafkaSettings(Cluster.client(), topics)),
                new TaskMetrics(meters));
    }

    @BeforeEach
    void createTopic() throws Exception {
        Cluster.create(1, List.of(topics.critiqueRequests()));
        Cluster.shareGroup(group, LOCK_MILLIS, DELIVERIES);
    }

    @AfterEach
    void close() {
        source.close(Duration.ZERO);
    }

    private void produce(int records) throws Exception {
        try (Producer<byte[], byte[]> producer = Cluster.producer()) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topics.critiqueRequests(), new byte[] {(byte) i}))
                        .get();
            }
        }
    }

    private Call nextCall() throws InterruptedException {
        Call call = handler.calls.poll(30, TimeUnit.SECONDS);
        assertThat(call).as("a call of the handler").isNotNull();
        return call;
    }

    /** Consumes as a worker written by others would, until it has seen so many records and for so long at least. */
    private List<ConsumerRecord<byte[], byte[]>> rival(int records, Duration atLeast) {
        Map<String, Object> config = new HashMap<>(Cluster.client());
        config.put("group.id", group);
        config.put("share.acknowledgement.mode", "explicit");
        config.put("share.acquire.mode", "record_limit");
        config.put("max.poll.records", 1);
        List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
        long until = System.nanoTime() + atLeast.toNanos();
        long giveUp = until + Duration.ofSeconds(20).toNanos();
        try (var consumer =
                new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topics.critiqueRequests()));
            while ((System.nanoTime() < until || seen.size() < records) && System.nanoTime() < giveUp) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    seen.add(record);
                    consumer.acknowledge(record);
                    consumer.commitSync();
                }
            }
        }
        return seen;
    }

    @Test
    void aSlotThatRenewsTakesNothingAwayFromOthersAndLosesNothing() throws Exception {
        // Given
        int queued = 40;
        source.start(handler);
        produce(1);
        Call slow = nextCall();
        produce(queued);

        // When
        List<ConsumerRecord<byte[], byte[]>> seen = rival(queued, Duration.ofMillis(6L * LOCK_MILLIS));

        // Then
        assertThat(seen).allSatisfy(record -> assertThat(record.deliveryCount()).contains((short) 1));
        assertThat(seen)
                .extracting(ConsumerRecord::offset)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, queued).boxed().toList());
        assertThat(meters.counter(TaskMetrics.RENEWALS).count()).isGreaterThanOrEqualTo(12);
        assertThat(slow.work()).isNotDone();
        slow.work().complete(null);
        await().until(() ->
                meters.counter(TaskMetrics.TASKS, "outcome", "accepted").count() == 1);
    }

    @Test
    void deliversAFailedTaskAgainAndHasItGivenUpInTheLastDelivery() throws Exception {
        // Given
        source.start(handler);
        produce(1);

        // When
        for (int delivery = 1; delivery <= DELIVERIES; delivery++) {
            Call call = nextCall();
            assertThat(call.givingUp()).isFalse();
            assertThat(call.task().delivery()).isEqualTo(delivery);
            call.work().completeExceptionally(new IllegalStateException("no luck"));
        }

        // Then
        Call last = nextCall();
        assertThat(last.givingUp()).isTrue();
        last.work().complete(null);
        await().until(() ->
                meters.counter(TaskMetrics.TASKS, "outcome", "given-up").count() == 1);
    }

    @Test
    void deliversTheTaskOfAKilledWorkerAgain() throws Exception {
        // Given
        produce(1);
        Process other = StuckWorker.start(topics.critiqueRequests(), group);
        try {
            assertThat(StuckWorker.awaitTask(other)).isTrue();

            // When
            other.destroyForcibly().waitFor();
            source.start(handler);

            // Then
            Call call = nextCall();
            assertThat(call.task().delivery()).isEqualTo(2);
            call.work().complete(null);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void givesTheTaskInHandBackWhenItIsClosed() throws Exception {
        // Given
        source.start(handler);
        await().atMost(Duration.ofSeconds(30)).until(source::ready);
        produce(1);
        Call call = nextCall();

        // When
        source.close(Duration.ZERO);

        // Then
        assertThat(call.work()).isCancelled();
        TaskSource next = source("worker-b");
        next.start(handler);
        try {
            Call again = nextCall();
            assertThat(again.task().delivery()).isEqualTo(2);
            again.work().complete(null);
        } finally {
            next.close(Duration.ofSeconds(1));
        }
    }
}
