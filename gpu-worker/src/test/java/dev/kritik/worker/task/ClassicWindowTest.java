/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.worker.task.Fixtures.Call;
import dev.kritik.worker.task.Fixtures.ManualHandler;

class ClassicWindowTest {

    private static final TopicPartition P0 = new TopicPartition(Fixtures.TOPIC, 0);
    private static final TopicPartition P1 = new TopicPartition(Fixtures.TOPIC, 1);
    private static final int SLOTS = 3;
    private static final int ATTEMPTS = 2;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final ManualHandler handler = new ManualHandler();
    private final ClassicWindow window = window(Duration.ofSeconds(10));

    private ClassicWindow window(Duration revokeGrace) {
        return new ClassicWindow(
                Fixtures.settings(SLOTS, ATTEMPTS, revokeGrace),
                consumer,
                handler,
                new TaskMetrics(new SimpleMeterRegistry()));
    }

    private void subscribe(ClassicWindow subscriber, TopicPartition... partitions) {
        consumer.subscribe(List.of(Fixtures.TOPIC), subscriber);
        for (TopicPartition partition : List.of(P0, P1)) {
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
        }
        consumer.setMaxPollRecords(SLOTS);
        consumer.rebalance(Arrays.asList(partitions));
    }

    private void add(TopicPartition partition, long offset) {
        consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, new byte[0]));
    }

    /** The next n calls of the handler, one turn after another. */
    private List<Call> calls(int n) {
        List<Call> calls = new ArrayList<>();
        await().until(() -> {
            window.turn();
            handler.calls.drainTo(calls);
            return calls.size() >= n;
        });
        return calls;
    }

    private long committed(TopicPartition partition) {
        OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void commitsOnlyUpToTheOldestUnfinishedTask() {
        // Given
        subscribe(window, P0);
        add(P0, 0);
        add(P0, 1);
        add(P0, 2);
        List<Call> calls = calls(3);

        // When
        calls.get(1).work().complete(null);
        calls.get(2).work().complete(null);
        window.turn();

        // Then
        assertThat(committed(P0)).isEqualTo(-1);
        calls.get(0).work().complete(null);
        window.turn();
        assertThat(committed(P0)).isEqualTo(3);
    }

    @Test
    void takesNoMoreThanItHasSlotsFor() {
        // Given
        subscribe(window, P0);
        for (int offset = 0; offset < 10; offset++) {
            add(P0, offset);
        }

        // When
        List<Call> calls = calls(SLOTS);
        window.turn();

        // Then
        assertThat(calls).hasSize(SLOTS);
        assertThat(handler.calls).isEmpty();
        assertThat(consumer.paused()).containsExactly(P0);
        calls.get(0).work().complete(null);
        assertThat(calls(1).get(0).task().offset()).isEqualTo(3);
    }

    @Test
    void pausesPartitionsThatARebalanceBringsWhileItIsFull() {
        // Given
        subscribe(window, P0);
        for (int offset = 0; offset < SLOTS; offset++) {
            add(P0, offset);
        }
        calls(SLOTS);

        // When
        consumer.rebalance(List.of(P0, P1));

        // Then
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P1);
    }

    @Test
    void triesAFailedTaskAgainAndGivesItUpAfterTheLastAttempt() {
        // Given
        subscribe(window, P0);
        add(P0, 0);

        // When
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Call call = calls(1).get(0);
            assertThat(call.givingUp()).isFalse();
            call.work().completeExceptionally(new IllegalStateException("no luck"));
        }
        Call last = calls(1).get(0);

        // Then
        assertThat(last.givingUp()).isTrue();
        assertThat(committed(P0)).isEqualTo(-1);
        last.work().complete(null);
        window.turn();
        assertThat(committed(P0)).isEqualTo(1);
    }

    @Test
    void keepsATaskThatCouldNotEvenBeGivenUp() {
        // Given
        subscribe(window, P0);
        add(P0, 0);
        for (int call = 0; call < ATTEMPTS + 3; call++) {
            // When
            calls(1).get(0).work().completeExceptionally(new IllegalStateException("no luck"));
        }

        // Then
        assertThat(committed(P0)).isEqualTo(-1);
        calls(1).get(0).work().complete(null);
        window.turn();
        assertThat(committed(P0)).isEqualTo(1);
    }

    @Test
    void letsRunningTasksOfARevokedPartitionEndAndCommitsThem() {
        // Given
        subscribe(window, P0, P1);
        add(P0, 0);
        add(P1, 0);
        List<Call> calls = calls(2);
        Thread.startVirtualThread(() -> calls.forEach(call -> call.work().complete(null)));

        // When
        consumer.rebalance(List.of(P1));

        // Then
        consumer.rebalance(List.of(P0, P1)); // this mock tells what is committed only while it is assigned
        assertThat(committed(P0)).isEqualTo(1);
        assertThat(calls).noneMatch(call -> call.work().isCancelled());
    }

    @Test
    void cancelsTasksOfARevokedPartitionPastTheGrace() {
        // Given
        ClassicWindow hasty = window(Duration.ofMillis(20));
        subscribe(hasty, P0, P1);
        add(P0, 0);
        add(P1, 0);
        hasty.turn();
        hasty.turn();
        List<Call> calls = List.copyOf(handler.calls);
        assertThat(calls).hasSize(2);

        // When
        consumer.rebalance(List.of(P1));

        // Then
        for (Call call : calls) {
            assertThat(call.work().isCancelled()).isEqualTo(call.task().partition() == 0);
        }
        assertThat(committed(P0)).isEqualTo(-1);
    }

    @Test
    void cancelsTasksOfALostPartitionAtOnceAndCommitsNothing() {
        // Given
        subscribe(window, P0);
        add(P0, 0);
        add(P0, 1);
        List<Call> calls = calls(2);
        calls.get(0).work().complete(null);

        // When
        window.onPartitionsLost(List.of(P0));

        // Then
        assertThat(calls.get(1).work()).isCancelled();
        assertThat(committed(P0)).isEqualTo(-1);
    }

    @Test
    void drainsWithinTheGraceAndCommitsWhatIsFinished() {
        // Given
        subscribe(window, P0);
        add(P0, 0);
        add(P0, 1);
        List<Call> calls = calls(2);
        calls.get(0).work().complete(null);

        // When
        window.drain(Duration.ofMillis(20));

        // Then
        assertThat(committed(P0)).isEqualTo(1);
        assertThat(calls.get(1).work()).isCancelled();
    }
}
