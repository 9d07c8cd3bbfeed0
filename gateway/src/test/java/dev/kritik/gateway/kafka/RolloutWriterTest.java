/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

import dev.kritik.gateway.jobs.Fingerprint;
import dev.kritik.gateway.jobs.MemberMark;
import dev.kritik.gateway.jobs.Writer;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

class RolloutWriterTest {

    private final MockProducer<String, Rollout> producer = new MockProducer<>(
            false,
            new RoundRobinPartitioner(),
            new StringSerializer(),
            new AvroSerializer<>(new InMemorySchemaRegistry(), Rollout.class));

    private static Map.Entry<Rollout, MemberMark> member(int index) {
        Rollout rollout = Rollout.newBuilder()
                .setJobId("job")
                .setGroupId("g/1")
                .setIndex(index)
                .setGroupSize(2)
                .setMessages(List.of(new Message("user", "2+2?")))
                .setResponse("4")
                .build();
        return Map.entry(rollout, new MemberMark(0, index, 2, Fingerprint.of(rollout), 99));
    }

    private static void assertRefused(CompletableFuture<Void> written, boolean tooLarge) {
        assertThat(written.handle((nothing, failure) ->
                                failure instanceof CompletionException ? failure.getCause() : failure)
                        .join())
                .isInstanceOfSatisfying(Writer.Refused.class, refused -> {
                    assertThat(refused.tooLarge()).isEqualTo(tooLarge);
                    assertThat(refused).hasMessageStartingWith("response ");
                });
    }

    @Test
    void writesAllMembersUnderTheirKeyWithAMarkAndIsDoneWhenAllAreAcknowledged() {
        try (var writer = new RolloutWriter(producer, "rollouts", 10, 1 << 20)) {
            // When
            var written = writer.write(List.of(member(0), member(1)), Optional.empty())
                    .toCompletableFuture();
            Awaitility.await().until(() -> producer.history().size() == 2);

            // Then
            assertThat(producer.completeNext()).isTrue();
            assertThat(written).isNotDone();
            assertThat(producer.completeNext()).isTrue();
            assertThat(written).succeedsWithin(Duration.ofSeconds(5));
            assertThat(producer.history()).extracting(ProducerRecord::key).containsOnly("job/g/1");
            ProducerRecord<String, Rollout> second = producer.history().get(1);
            assertThat(MemberMark.read(
                            second.headers().lastHeader(MemberMark.HEADER).value()))
                    .contains(member(1).getValue());
        }
    }

    @Test
    void saysWhyItCouldNotWrite() {
        try (var writer = new RolloutWriter(producer, "rollouts", 10, 1 << 20)) {
            var large = writer.write(List.of(member(0)), Optional.empty()).toCompletableFuture();
            Awaitility.await().until(() -> producer.history().size() == 1);
            producer.errorNext(new RecordTooLargeException("9 MB"));
            var late = writer.write(List.of(member(0), member(1)), Optional.empty())
                    .toCompletableFuture();
            Awaitility.await().until(() -> producer.history().size() == 3);
            producer.completeNext();
            producer.errorNext(new TimeoutException("no broker"));

            assertRefused(large, true);
            assertRefused(late, false);
        }
        assertThat(producer.closed()).isTrue();
    }

    /** A producer whose buffer is full holds up the thread that writes, and no more than that. */
    @Test
    void whatStandsInLineIsBoundedInBytes() throws InterruptedException {
        // Given
        CountDownLatch held = new CountDownLatch(1);
        var slow =
                new MockProducer<>(
                        true,
                        new RoundRobinPartitioner(),
                        new StringSerializer(),
                        new AvroSerializer<>(new InMemorySchemaRegistry(), Rollout.class)) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<String, Rollout> record, Callback callback) {
                        try {
                            held.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return super.send(record, callback);
                    }
                };
        try (var writer = new RolloutWriter(slow, "rollouts", 10, 8)) {
            // When: five characters each
            var first = writer.write(List.of(member(0)), Optional.empty()).toCompletableFuture();
            var second = writer.write(List.of(member(1)), Optional.empty()).toCompletableFuture();
            boolean refused = second.isCompletedExceptionally();
            held.countDown();

            // Then
            assertThat(refused).isTrue();
            assertThat(first).succeedsWithin(Duration.ofSeconds(5));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(writer.write(List.of(member(1)), Optional.empty()))
                            .succeedsWithin(Duration.ofSeconds(5)));
        }
    }

    /** Each may have waited ten seconds for the brokers. */
    @Test
    void afterAMemberThatCouldNotBeSentNoOtherIsTried() {
        producer.sendException = new TimeoutException("no metadata");
        try (var writer = new RolloutWriter(producer, "rollouts", 10, 1 << 20)) {
            var written = writer.write(List.of(member(0), member(1)), Optional.empty())
                    .toCompletableFuture();

            assertRefused(written, false);
            producer.sendException = null;
            assertThat(producer.history()).isEmpty();
        }
    }
}
