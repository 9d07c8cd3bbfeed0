/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.local.LocalStack;
import dev.kritik.schema.config.KafkaSettings;

@Timeout(120)
class AbandonedTransactionsTest {

    private static final String APP = "kritik-stream";
    private static final String LIVING = APP + "-" + UUID.randomUUID();
    private static final String GONE = APP + "-" + UUID.randomUUID();

    @Test
    void thoseOfProcessesWithoutAMemberAreAbandoned() {
        var members = List.of(LIVING + "-StreamThread-1-consumer", LIVING + "-StreamThread-2-consumer");

        assertThat(AbandonedTransactions.abandoned(
                        APP, members, List.of(LIVING + "-1", GONE + "-1", GONE + "-12", LIVING + "-2")))
                .containsExactlyInAnyOrder(GONE + "-1", GONE + "-12");
    }

    @Test
    void thoseOfOthersAreLeftAlone() {
        var members = List.of(LIVING + "-StreamThread-1-consumer");

        assertThat(AbandonedTransactions.abandoned(
                        APP, members, List.of("other." + GONE + "-1", GONE + "-1-more", "etl-7", APP + "-1")))
                .isEmpty();
    }

    @Test
    void whereItCanNotBeToldWhoIsAliveNothingIsAbandoned() {
        var open = List.of(GONE + "-1");

        assertThat(AbandonedTransactions.abandoned(APP, List.of(), open)).isEmpty();
        assertThat(AbandonedTransactions.abandoned(
                        APP, List.of(LIVING + "-StreamThread-1-consumer", "my-own-client-id"), open))
                .isEmpty();
    }

    @Test
    void endsOnABrokerWhatADeadInstanceLeftAndOnlyThat() throws Exception {
        try (LocalStack stack = LocalStack.temporary();
                Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
                KafkaConsumer<byte[], byte[]> member = member(stack)) {
            // Given: two instances with open transactions, of which one is a member
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            member.subscribe(List.of("t"));
            while (member.assignment().isEmpty()) {
                member.poll(Duration.ofMillis(100));
            }
            var moving = new AtomicBoolean();
            try (KafkaProducer<byte[], byte[]> living = producer(stack, LIVING + "-1");
                    KafkaProducer<byte[], byte[]> gone = producer(stack, GONE + "-1");
                    AbandonedTransactions abandoned = new AbandonedTransactions(
                            KafkaSettings.from(Map.of(KafkaSettings.BOOTSTRAP_SERVERS, stack.bootstrapServers())),
                            moving::get)) {
                begin(living);
                begin(gone);

                // When no partitions move
                abandoned.run();

                // Then
                assertThat(open(admin)).containsExactlyInAnyOrder(LIVING + "-1", GONE + "-1");

                // When
                moving.set(true);
                abandoned.run();

                // Then
                assertThat(open(admin)).containsExactly(LIVING + "-1");
                living.commitTransaction();
                assertThatThrownBy(gone::commitTransaction).isInstanceOf(KafkaException.class);
            }
        }
    }

    private static void begin(KafkaProducer<byte[], byte[]> producer) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", new byte[1])).get();
    }

    private static Set<String> open(Admin admin) throws Exception {
        return Set.copyOf(admin.listTransactions().all().get().stream()
                .filter(one -> one.state() == TransactionState.ONGOING)
                .map(one -> one.transactionalId())
                .toList());
    }

    private static KafkaConsumer<byte[], byte[]> member(LocalStack stack) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "group.id",
                        APP,
                        "client.id",
                        LIVING + "-StreamThread-1-consumer"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(LocalStack stack, String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
