/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;

/** Three brokers and a registry, each a process, and links between them and their clients. */
class SeveralBrokersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);
    private static final String ZONE = "here";

    @Test
    void aDeadLeaderIsReplacedAndComesBackAndAHangingLinkHeals() throws Exception {
        // Given
        Options options = Options.temporary().withBrokers(3).withZones(List.of(ZONE));
        try (LocalStack stack = LocalStack.start(options);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(stack, Duration.ofMinutes(1));
                KafkaProducer<String, String> hasty = producer(stack, Duration.ofSeconds(3))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            assertThat(copies(admin, PARTITION.topic())).hasSize(3);
            assertThat(copies(admin, "kafkasql-journal")).hasSize(3);
            send(producer, "one");
            assertThat(stack.link(ZONE, leader(admin)).connections()).isPositive();

            // When
            int dead = leader(admin);
            stack.killBroker(dead);

            // Then
            assertThat(stack.isBrokerAlive(dead)).isFalse();
            assertThat(stack.isBrokerAlive()).isFalse();
            send(producer, "two");
            assertThat(leader(admin)).isNotEqualTo(dead);
            assertThat(consume(stack, 2)).containsExactly("one", "two");

            // When
            stack.startBroker(dead);

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(partition(admin, PARTITION.topic()).isr())
                                    .hasSize(3));
            assertThat(stack.isBrokerAlive()).isTrue();

            // When
            int leading = leader(admin);
            send(hasty, "three");
            stack.link(ZONE, leading).hang();

            // Then
            assertThatThrownBy(() -> send(hasty, "lost or late"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);

            // When
            stack.link(ZONE, leading).open();

            // Then
            send(hasty, "four");
            assertThat(consume(stack, 4)).startsWith("one", "two", "three").contains("four");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void writesGoOnWithinTenSecondsOfEachKindOfLossAndTheDataAreKept(@TempDir Path elsewhere, @TempDir Path folder)
            throws Exception {
        // Given
        Options options =
                Options.in(folder).withBrokers(3).withZones(List.of(ZONE)).withBrokerFolder(2, elsewhere);
        List<String> sent = new ArrayList<>();
        long begin = System.nanoTime();
        try (LocalStack stack = LocalStack.start(options);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(stack, Duration.ofMinutes(1))) {
            System.out.println("start of three brokers and registry: " + millisSince(begin) + " ms");
            assertThat(stack.brokerData(2))
                    .isEqualTo(elsewhere.resolve("kafka-3"))
                    .isDirectory();
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            for (Loss loss : Loss.all()) {
                List<Long> times = new ArrayList<>();
                for (int i = 0; i < loss.times; i++) {
                    sent.add(loss.name + " " + i);
                    send(producer, sent.getLast());
                    int leading = leader(admin);

                    // When
                    begin = System.nanoTime();
                    loss.strike.accept(stack, leading);
                    sent.add(loss.name + " " + i + " after");
                    send(producer, sent.getLast());
                    times.add(millisSince(begin));

                    // Then
                    loss.heal.accept(stack, leading);
                    await().atMost(Duration.ofMinutes(1))
                            .untilAsserted(() -> assertThat(
                                            partition(admin, PARTITION.topic()).isr())
                                    .hasSize(3));
                }
                times.sort(null);
                System.out.println(loss.name + " to the next acknowledged write: " + times + " ms");
                assertThat(times.get(times.size() / 2)).as(loss.name).isLessThan(loss.limitMs);
            }
        }

        // When
        assertThatThrownBy(() -> LocalStack.start(Options.in(folder)))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("3 broker");
        try (LocalStack stack = LocalStack.start(options)) {
            // Then
            assertThat(consume(stack, sent.size())).containsExactlyElementsOf(sent);
        }
    }

    /** Nobody can copy from it or ask it: another controller is found, and it comes back when it can be reached. */
    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void aBrokerThatItsPeersCanNotReachIsLeftAloneAndComesBack() throws Exception {
        // Given
        Options options = Options.temporary().withBrokers(3).withZones(List.of(ZONE));
        try (LocalStack stack = LocalStack.start(options);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(stack, Duration.ofMinutes(1))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            int controller = admin.describeMetadataQuorum().quorumInfo().get().leaderId() - 1;

            // When
            stack.linksTo(controller).forEach(TcpProxy::cut);

            // Then
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() ->
                            admin.describeMetadataQuorum().quorumInfo().get().leaderId() - 1 != controller);

            // When
            stack.linksTo(controller).forEach(TcpProxy::open);

            // Then
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(partition(admin, PARTITION.topic()).isr())
                                    .hasSize(3));
            send(producer, "after");
        }
    }

    /** How a broker is lost, and comes back. */
    private record Loss(
            String name, int times, long limitMs, ObjIntConsumer<LocalStack> strike, ObjIntConsumer<LocalStack> heal) {

        static List<Loss> all() {
            return List.of(
                    new Loss("kill", 7, 10_000, LocalStack::killBroker, LocalStack::startBroker),
                    new Loss("stop", 3, 10_000, LocalStack::stopBroker, LocalStack::startBroker),
                    // The client waits for the answer of somebody who gives none: its own limit, 2 s, comes on top.
                    new Loss("pause", 3, 10_000, LocalStack::pauseBroker, LocalStack::resumeBroker));
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @Test
    void whatASecuredStackCanNotHaveIsRefused(@TempDir Path folder) {
        Options secured = Options.in(folder).withSecurity();

        assertThatThrownBy(() -> secured.withBrokers(3)).hasMessageContaining("secured");
        assertThatThrownBy(() -> secured.withZones(List.of(ZONE))).hasMessageContaining("secured");
        assertThatThrownBy(() -> Options.in(folder).withBrokers(6)).hasMessageContaining("1..5");
    }

    private static KafkaProducer<String, String> producer(LocalStack stack, Duration patience) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(ZONE),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), "key", value))
                .get();
    }

    private static List<String> consume(LocalStack stack, int count) {
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers(ZONE));
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }

    private static List<?> copies(Admin admin, String topic) throws Exception {
        return partition(admin, topic).replicas();
    }

    /** Its number in the stack. */
    private static int leader(Admin admin) throws Exception {
        return partition(admin, PARTITION.topic()).leader().id() - 1;
    }

    private static TopicPartitionInfo partition(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .getFirst();
    }
}
