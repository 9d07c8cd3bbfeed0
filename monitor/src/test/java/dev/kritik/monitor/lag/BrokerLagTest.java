/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.kritik.local.LocalStack;
import dev.kritik.monitor.lag.KafkaTools.Row;
import dev.kritik.monitor.lag.PartitionLag.Kind;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;

/** Against a real broker, compared with Kafka's own tools. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokerLagTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Record n of a partition was written at this time and n seconds, as far as its timestamp says. */
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant NOW = BEGIN.plusSeconds(1000);

    private static final Topics TOPICS = new Topics("t.");
    private static final String READER = "reader-that-went";
    private static final String STALLED = "stalled-reader";
    private static final String WORKERS = "t.kritik-workers";

    private static LocalStack stack;
    private static KafkaSettings kafka;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;
    private static final List<AutoCloseable> OPEN = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.temporary();
        kafka = new KafkaSettings(Map.of("bootstrap.servers", stack.bootstrapServers()), TOPICS);
        admin = Admin.create(kafka.client());
        OPEN.add(() -> admin.close(Duration.ZERO));
        producer = producer(Map.of());
        admin.createTopics(List.of(
                        topic(TOPICS.rollouts(), 2),
                        topic(TOPICS.critiqueRequests(), 2),
                        topic(TOPICS.critiques(), 1),
                        topic(TOPICS.rewards(), 1),
                        topic(TOPICS.deadLetters(), 1),
                        topic("t.of-others", 1)))
                .all()
                .get();
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, WORKERS),
                        List.of(
                                set("share.auto.offset.reset", "earliest"),
                                set("share.isolation.level", "read_committed"))))
                .all()
                .get();
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable open : OPEN.reversed()) {
            open.close();
        }
        stack.close();
    }

    @Test
    @Order(1)
    void recordsAreThoseOfKafkasToolsAndSecondsThoseOfTheOldestRecord() throws Exception {
        // Given a reader of which only the commit is left, one that is there and does not read on, and workers
        send(TOPICS.rewards(), 0, 10);
        commit(READER, TOPICS.rewards(), 0, 3);
        send(TOPICS.rollouts(), 0, 8);
        send(TOPICS.rollouts(), 1, 5);
        KafkaConsumer<byte[], byte[]> stalled = stalledAfter(4);
        send(TOPICS.critiqueRequests(), 0, 6);
        KafkaShareConsumer<byte[], byte[]> worker = oneSettledOneInHandOf(TOPICS.critiqueRequests());
        send("t.of-others", 0, 3);
        commit("others", "t.of-others", 0, 1);

        // When
        LagReport report;
        KafkaTools tools = new KafkaTools(stack.bootstrapServers(), folder);
        try (tools;
                BrokerLag lag = lag()) {
            report = lag.report();
            assertThat(tools.consumerGroups()).isNotEmpty();
            assertThat(tools.shareGroups()).isNotEmpty();
        }

        // Then
        assertThat(report.problems()).isEmpty();
        assertThat(report.lags()).allMatch(lag -> TOPICS.all().contains(lag.topic()));
        assertSameAsTools(report, tools);
        assertThat(of(report, READER, TOPICS.rewards(), 0).records()).hasValue(7);
        assertThat(of(report, READER, TOPICS.rewards(), 0).seconds()).hasValue(1000 - 3);
        assertThat(of(report, STALLED, TOPICS.rollouts(), 0).records()).hasValue(4);
        assertThat(of(report, STALLED, TOPICS.rollouts(), 0).seconds()).hasValue(1000 - 4);
        PartitionLag notCommitted = of(report, STALLED, TOPICS.rollouts(), 1);
        assertThat(notCommitted.position()).isEmpty();
        assertThat(notCommitted.records()).isEmpty();
        assertThat(notCommitted.seconds()).isEmpty();
        PartitionLag work = of(report, WORKERS, TOPICS.critiqueRequests(), 0);
        assertThat(work.kind()).isEqualTo(Kind.SHARE);
        assertThat(work.records()).hasValue(5);
        // The broker keeps a settlement at once, and moves the start with the next one.
        assertThat(work.seconds().getAsDouble()).isBetween(1000.0 - 1, 1000.0);
        PartitionLag empty = of(report, WORKERS, TOPICS.critiqueRequests(), 1);
        assertThat(empty.records()).as("as the tools say").isEmpty();
        assertThat(empty.seconds()).as("there is nothing").hasValue(0);
        assertThat(report.groups())
                .extracting(
                        LagReport.Group::id,
                        LagReport.Group::state,
                        group -> group.members().orElse(-1))
                .containsExactlyInAnyOrder(
                        tuple(READER, "Empty", 0), tuple(STALLED, "Stable", 1), tuple(WORKERS, "Stable", 1));

        // When the members are gone
        stalled.close();
        worker.close();

        // Then what they have not read still waits
        try (BrokerLag lag = lag()) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                LagReport later = lag.report();
                assertThat(later.groups()).allMatch(group -> group.members().orElse(-1) == 0);
                assertThat(of(later, STALLED, TOPICS.rollouts(), 0).records()).hasValue(4);
                assertThat(of(later, WORKERS, TOPICS.critiqueRequests(), 0).records())
                        .hasValue(5);
            });
        }
    }

    @Test
    @Order(2)
    void openAndAbortedTransactionsCountAsInKafkasToolsButAreNotOld() throws Exception {
        // Given three committed records, four aborted ones, and an open transaction; each ends with a marker
        KafkaProducer<byte[], byte[]> writer = producer(Map.of("transactional.id", "writer"));
        writer.initTransactions();
        writer.beginTransaction();
        send(writer, TOPICS.critiques(), 0, 0, 3);
        writer.commitTransaction();
        writer.beginTransaction();
        send(writer, TOPICS.critiques(), 0, 4, 4);
        writer.flush();
        writer.abortTransaction();
        writer.beginTransaction();
        send(writer, TOPICS.critiques(), 0, 9, 2);
        writer.flush();
        commit("behind", TOPICS.critiques(), 0, 1);
        commit("before-the-aborted", TOPICS.critiques(), 0, 3);
        commit("before-the-open", TOPICS.critiques(), 0, 9);

        // When
        LagReport report;
        KafkaTools tools = new KafkaTools(stack.bootstrapServers(), folder);
        try (tools;
                BrokerLag lag = lag()) {
            report = lag.report();
            assertThat(tools.consumerGroups()).isNotEmpty();
            assertThat(tools.shareGroups()).isNotEmpty();
        }

        // Then
        assertThat(report.ends())
                .filteredOn(ends -> ends.topic().equals(TOPICS.critiques()))
                .containsExactly(new LagReport.Ends(TOPICS.critiques(), 0, 0, 9, 11));
        assertSameAsTools(report, tools);
        assertThat(of(report, "behind", TOPICS.critiques(), 0).records()).hasValue(10);
        assertThat(of(report, "behind", TOPICS.critiques(), 0).seconds()).hasValue(1000 - 1);
        assertThat(of(report, "before-the-aborted", TOPICS.critiques(), 0).records())
                .hasValue(8);
        assertThat(of(report, "before-the-aborted", TOPICS.critiques(), 0).seconds())
                .as("nothing that may be read")
                .hasValue(0);
        assertThat(of(report, "before-the-open", TOPICS.critiques(), 0).records())
                .hasValue(2);
        assertThat(of(report, "before-the-open", TOPICS.critiques(), 0).seconds())
                .as("nothing that may be read yet")
                .hasValue(0);

        // When
        writer.commitTransaction();

        // Then
        try (BrokerLag lag = lag()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(of(lag.report(), "before-the-open", TOPICS.critiques(), 0)
                                    .seconds())
                            .hasValue(1000 - 9));
        }
    }

    @Test
    @Order(3)
    void theExporterShowsWhatTheBrokersSay() {
        // Given
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (BrokerLag lag = lag();
                LagExporter exporter = new LagExporter(lag::report, ExporterConfig.from(Map.of()), registry)) {
            // When
            exporter.start();

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(exporter.idle()).isEmpty());
            assertThat(registry.scrape())
                    .contains("kritik_lag_records{group=\"" + WORKERS
                            + "\",kind=\"share\",partition=\"0\",topic=\"t.critique-requests\"} 5.0")
                    .contains("kritik_lag_seconds{group=\"" + READER
                            + "\",kind=\"consumer\",partition=\"0\",topic=\"t.rewards\"} 997.0")
                    .doesNotContain("group=\"" + STALLED + "\",kind=\"consumer\",partition=\"1\"");
        }
    }

    @Test
    @Order(4)
    void whatRetentionHasTakenIsNotTheOldestRecord() throws Exception {
        // Given
        send(TOPICS.deadLetters(), 0, 6);
        commit("slow", TOPICS.deadLetters(), 0, 1);
        admin.deleteRecords(Map.of(new TopicPartition(TOPICS.deadLetters(), 0), RecordsToDelete.beforeOffset(4)))
                .all()
                .get();

        // When
        PartitionLag slow;
        try (BrokerLag lag = lag()) {
            slow = of(lag.report(), "slow", TOPICS.deadLetters(), 0);
        }

        // Then
        assertThat(slow.records()).hasValue(5);
        assertThat(slow.seconds()).hasValue(1000 - 4);
    }

    @Test
    @Order(5)
    void aDeletedTopicAndADeletedGroupAreNotMissed() throws Exception {
        try (BrokerLag lag = lag()) {
            // Given
            assertThat(lag.read()).anyMatch(one -> one.group().equals("slow"));

            // When
            admin.deleteTopics(List.of(TOPICS.deadLetters())).all().get();
            admin.deleteConsumerGroups(List.of("behind")).all().get();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                LagReport report = lag.report();
                assertThat(report.problems()).isEmpty();
                assertThat(report.lags())
                        .extracting(PartitionLag::group)
                        .contains(READER, WORKERS)
                        .doesNotContain("slow", "behind");
            });
        }
    }

    @Test
    @Order(6)
    void whatAShareGroupHasSettledBeforeAPauseDoesNotMakeANewRecordOld() {
        // Given: the broker goes on saying that the group stands at its last settlements
        KafkaShareConsumer<byte[], byte[]> worker = worker(TOPICS.critiqueRequests());
        try (BrokerLag lag = lag()) {
            await().atMost(PATIENCE).until(() -> {
                worker.poll(Duration.ofMillis(200))
                        .forEach(record -> worker.acknowledge(record, AcknowledgeType.ACCEPT));
                worker.commitSync();
                return work(lag.report()).records().equals(OptionalLong.of(0));
            });
            PartitionLag settled = work(lag.report());
            assertThat(settled.seconds()).hasValue(0);

            // When
            send(producer, TOPICS.critiqueRequests(), 0, 6, 1);
            producer.flush();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                PartitionLag one = work(lag.report());
                assertThat(one.records()).hasValue(1);
                assertThat(one.position().getAsLong()).isLessThan(6);
                assertThat(one.seconds()).hasValue(1000 - 6);
            });
        }
        worker.close();
    }

    private static PartitionLag work(LagReport report) {
        return of(report, WORKERS, TOPICS.critiqueRequests(), 0);
    }

    @Test
    @Order(7)
    void aBrokerThatIsNotThereIsSaidInTime() {
        // Given
        KafkaSettings nowhere = new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:1"), TOPICS);
        try (BrokerLag lag = new BrokerLag(nowhere, Duration.ofSeconds(1), Clock.systemUTC())) {
            // When // Then
            long begin = System.nanoTime();
            assertThatThrownBy(lag::report).isInstanceOf(KafkaException.class).hasMessageContaining("groups");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Number by number, for all groups of our topics, both ways. */
    private static void assertSameAsTools(LagReport report, KafkaTools tools) {
        Map<String, List<OptionalLong>> ours = new HashMap<>();
        for (PartitionLag lag : report.lags()) {
            List<OptionalLong> numbers = new ArrayList<>(List.of(lag.position(), lag.records()));
            if (lag.kind() == Kind.CONSUMER) {
                numbers.add(OptionalLong.of(written(report, lag)));
            }
            ours.put(lag.group() + " " + lag.topic() + " " + lag.partition(), numbers);
        }
        Map<String, List<OptionalLong>> theirs = new HashMap<>();
        tools.consumerGroups().stream()
                .filter(BrokerLagTest::ofOurs)
                .forEach(row -> theirs.put(
                        name(row),
                        List.of(row.number("CURRENT-OFFSET"), row.number("LAG"), row.number("LOG-END-OFFSET"))));
        tools.shareGroups().stream()
                .filter(BrokerLagTest::ofOurs)
                .forEach(row -> theirs.put(name(row), List.of(row.number("START-OFFSET"), row.number("LAG"))));
        assertThat(ours).isEqualTo(theirs);
    }

    private static long written(LagReport report, PartitionLag lag) {
        return report.ends().stream()
                .filter(ends -> ends.topic().equals(lag.topic()) && ends.partition() == lag.partition())
                .findFirst()
                .orElseThrow()
                .written();
    }

    /** The schema registry of the stack reads topics of its own. */
    private static boolean ofOurs(Row row) {
        return TOPICS.all().contains(row.topic());
    }

    private static String name(Row row) {
        return row.group() + " " + row.topic() + " " + row.partition();
    }

    private static PartitionLag of(LagReport report, String group, String topic, int partition) {
        return report.lags().stream()
                .filter(lag -> lag.group().equals(group) && lag.topic().equals(topic) && lag.partition() == partition)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no lag of " + group + " in " + report));
    }

    private static BrokerLag lag() {
        return new BrokerLag(kafka, Duration.ofSeconds(30), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static void send(String topic, int partition, int count) {
        send(producer, topic, partition, 0, count);
        producer.flush();
    }

    /** Keeps its records, whose timestamps are older than any retention. */
    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1).configs(Map.of("retention.ms", "-1"));
    }

    /** Records whose timestamps follow from their offsets; {@code first} is the offset of the first. */
    private static void send(KafkaProducer<byte[], byte[]> to, String topic, int partition, int first, int count) {
        for (int offset = first; offset < first + count; offset++) {
            long timestamp = BEGIN.plusSeconds(offset).toEpochMilli();
            var unused = to.send(new ProducerRecord<>(topic, partition, timestamp, null, new byte[300]));
        }
    }

    private static void commit(String group, String topic, int partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    /** A member that has both partitions of the rollouts, has committed in the first of them, and goes on no more. */
    private static KafkaConsumer<byte[], byte[]> stalledAfter(long offset) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.with(Map.of("group.id", STALLED, "enable.auto.commit", false, "auto.offset.reset", "earliest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        OPEN.add(consumer);
        consumer.subscribe(List.of(TOPICS.rollouts()));
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return consumer.assignment().size() == 2;
        });
        consumer.commitSync(Map.of(new TopicPartition(TOPICS.rollouts(), 0), new OffsetAndMetadata(offset)));
        return consumer;
    }

    /** A member of the share group that has settled the first record and works on the second. */
    private static KafkaShareConsumer<byte[], byte[]> oneSettledOneInHandOf(String topic) {
        KafkaShareConsumer<byte[], byte[]> worker = worker(topic);
        worker.acknowledge(next(worker), AcknowledgeType.ACCEPT);
        assertThat(worker.commitSync().values()).allMatch(Optional::isEmpty);
        next(worker);
        return worker;
    }

    private static KafkaShareConsumer<byte[], byte[]> worker(String topic) {
        KafkaShareConsumer<byte[], byte[]> worker = new KafkaShareConsumer<>(
                kafka.with(Map.of(
                        "group.id",
                        WORKERS,
                        "share.acknowledgement.mode",
                        "explicit",
                        "share.acquire.mode",
                        "record_limit",
                        "max.poll.records",
                        1)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        OPEN.add(worker);
        worker.subscribe(Set.of(topic));
        return worker;
    }

    private static ConsumerRecord<byte[], byte[]> next(KafkaShareConsumer<byte[], byte[]> worker) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            worker.poll(Duration.ofMillis(200)).forEach(records::add);
            return !records.isEmpty();
        });
        return records.stream()
                .min(Comparator.comparingLong(ConsumerRecord::offset))
                .orElseThrow();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        KafkaProducer<byte[], byte[]> opened =
                new KafkaProducer<>(kafka.with(more), new ByteArraySerializer(), new ByteArraySerializer());
        OPEN.add(() -> opened.close(Duration.ZERO)); // the broker may be gone
        return opened;
    }
}
