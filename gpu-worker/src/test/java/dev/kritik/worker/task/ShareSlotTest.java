/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.kritik.worker.task.Fixtures.Call;
import dev.kritik.worker.task.Fixtures.ManualHandler;

class ShareSlotTest {

    private static final int DELIVERY_LIMIT = 3;
    private static final int LONG_LOCK = 60_000;

    private final ManualHandler handler = new ManualHandler();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BlockingQueue<ScriptedShareConsumer> consumers = new LinkedBlockingQueue<>();
    private final ShareSlot slot = new ShareSlot(
            Fixtures.settings(1, 5, Duration.ZERO),
            DELIVERY_LIMIT,
            consumers::remove,
            handler,
            new TaskMetrics(meters));
    private final Thread thread = new Thread(slot);

    @AfterEach
    void stop() throws InterruptedException {
        slot.stop(Duration.ZERO);
        thread.join();
    }

    private ScriptedShareConsumer consumer(int lockMillis) {
        ScriptedShareConsumer consumer = new ScriptedShareConsumer(lockMillis);
        consumers.add(consumer);
        return consumer;
    }

    private Call nextCall() throws InterruptedException {
        Call call = handler.calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call of the handler").isNotNull();
        return call;
    }

    private double count(String outcome) {
        return meters.counter(TaskMetrics.TASKS, "outcome", outcome).count();
    }

    @Test
    void acceptsATaskWhenItsWorkHasEnded() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 1);
        thread.start();
        Call call = nextCall();
        assertThat(consumer.calls).isEmpty();

        // When
        call.work().complete(null);

        // Then
        await().untilAsserted(() -> assertThat(consumer.calls).containsExactly("ACCEPT 7", "commit"));
        assertThat(call.task().delivery()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(count("accepted")).isEqualTo(1));
    }

    /** A poll for which a marker of a transaction was fetched brings nothing more: it must end soon. */
    @Test
    void pollsBrieflyAfterATaskAndAtEaseWhenItWaits() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 1);
        Duration brief = Duration.ofMillis(100);

        // When
        thread.start();
        nextCall().work().complete(null);
        await().until(() -> consumer.polls.size() > 4);

        // Then
        assertThat(consumer.polls.getFirst()).isGreaterThan(brief);
        assertThat(consumer.polls.subList(1, 4))
                .allSatisfy(poll -> assertThat(poll).isLessThanOrEqualTo(brief));
        await().untilAsserted(() -> assertThat(consumer.polls.getLast()).isGreaterThan(brief));
    }

    @Test
    void renewsByAcknowledgeThenCommitThenPollAndInNoOtherWay() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(30);
        consumer.queue(7, 1);
        consumer.queue(8, 1);
        thread.start();
        Call call = nextCall();

        // When
        await().until(() -> consumer.calls.size() >= 9);
        call.work().complete(null);

        // Then
        await().until(() -> consumer.calls.contains("ACCEPT 7"));
        // A copy: the slot goes on meanwhile.
        List<String> calls = List.copyOf(consumer.calls);
        List<String> renewals = calls.subList(0, calls.indexOf("ACCEPT 7"));
        for (int i = 0; i < renewals.size(); i++) {
            assertThat(renewals.get(i))
                    .isEqualTo(List.of("RENEW 7", "commit", "poll again").get(i % 3));
        }
        assertThat(renewals.size() % 3).isZero();
        assertThat(nextCall().task().offset()).isEqualTo(8);
    }

    @Test
    void cancelsTheWorkOnATaskThatItHasLost() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(30);
        consumer.queue(7, 1);
        consumer.ownershipLost = true;
        thread.start();

        // When
        Call call = nextCall();

        // Then
        await().until(() -> call.work().isCancelled());
        assertThat(consumer.calls).containsExactly("RENEW 7", "commit");
        await().untilAsserted(() -> assertThat(count("lost")).isEqualTo(1));
    }

    @Test
    void releasesATaskThatFailed() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 2);
        thread.start();

        // When
        nextCall().work().completeExceptionally(new IllegalStateException("no luck"));

        // Then
        await().untilAsserted(() -> assertThat(consumer.calls).containsExactly("RELEASE 7", "commit"));
        await().untilAsserted(() -> assertThat(count("returned")).isEqualTo(1));
    }

    @Test
    void givesUpATaskWhoseLastDeliveryFailedAndAcceptsItThen() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, DELIVERY_LIMIT);
        thread.start();
        nextCall().work().completeExceptionally(new IllegalStateException("no luck"));

        // When
        Call first = nextCall();
        assertThat(first.givingUp()).isTrue();
        first.work().completeExceptionally(new IllegalStateException("nor now"));
        Call second = nextCall();
        assertThat(consumer.calls).as("held until it is answered").isEmpty();
        second.work().complete(null);

        // Then
        assertThat(second.givingUp()).isTrue();
        await().untilAsserted(() -> assertThat(consumer.calls).containsExactly("ACCEPT 7", "commit"));
        await().untilAsserted(() -> assertThat(count("given-up")).isEqualTo(1));
    }

    @Test
    void survivesAHandlerThatThrows() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 1);
        Thread other = new Thread(new ShareSlot(
                Fixtures.settings(1, 5, Duration.ZERO),
                DELIVERY_LIMIT,
                consumers::remove,
                new ThrowingHandler(),
                new TaskMetrics(meters)));

        // When
        other.start();

        // Then
        await().untilAsserted(() -> assertThat(consumer.calls).containsExactly("RELEASE 7", "commit"));
        other.interrupt();
        other.join();
    }

    private static final class ThrowingHandler implements TaskHandler {
        @Override
        public CompletableFuture<Void> handle(Task task) {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletableFuture<Void> giveUp(Task task, Throwable why) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void letsTheTaskInHandEndWithinTheGraceOfClosing() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 1);
        consumer.queue(8, 1);
        thread.start();
        Call call = nextCall();

        // When
        slot.stop(Duration.ofSeconds(30));
        call.work().complete(null);
        thread.join();

        // Then
        assertThat(consumer.calls).containsExactly("ACCEPT 7", "commit");
        assertThat(consumer.closed).isTrue();
        assertThat(handler.calls).isEmpty();
    }

    @Test
    void cancelsAndReleasesTheTaskInHandPastTheGrace() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, 1);
        thread.start();
        Call call = nextCall();

        // When
        slot.stop(Duration.ZERO);
        thread.join();

        // Then
        assertThat(call.work()).isCancelled();
        assertThat(consumer.calls).containsExactly("RELEASE 7", "commit");
    }

    @Test
    void answersTheTaskInHandPastTheGraceWhenItsDeliveryIsTheLast() throws InterruptedException {
        // Given
        ScriptedShareConsumer consumer = consumer(LONG_LOCK);
        consumer.queue(7, DELIVERY_LIMIT);
        thread.start();
        nextCall();

        // When
        slot.stop(Duration.ZERO);
        Call answer = nextCall();
        answer.work().complete(null);
        thread.join();

        // Then
        assertThat(answer.givingUp()).isTrue();
        assertThat(consumer.calls).containsExactly("ACCEPT 7", "commit");
    }

    @Test
    void opensANewConsumerWhenOneFails() throws InterruptedException {
        // Given
        ScriptedShareConsumer first = consumer(30);
        ScriptedShareConsumer second = consumer(LONG_LOCK);
        first.queue(7, 1);
        second.queue(8, 1);
        thread.start();
        Call lost = nextCall();

        // When
        first.failure = new KafkaException("gone");

        // Then
        Call next = nextCall();
        assertThat(next.task().offset()).isEqualTo(8);
        assertThat(lost.work()).isCancelled();
        assertThat(first.closed).isTrue();
        assertThat(meters.counter(TaskMetrics.RESTARTS).count()).isEqualTo(1);
        next.work().complete(null);
    }
}
