/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.client.GroupReader.Start;
import dev.kritik.client.example.TrainElsewhere;
import dev.kritik.local.LocalStack;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerializer;

/** Writer and reader against a real broker and a real registry. */
@Timeout(120)
class GroupsOnARealBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final GroupId A = new GroupId("job", "a", 0);
    private static final GroupId B = new GroupId("job", "b", 0);
    private static final GroupId C = new GroupId("job", "c", 0);
    private static final GroupId D = new GroupId("job", "d", 0);

    private static LocalStack stack;
    private static HttpSchemaRegistry registry;
    private static KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void start() {
        stack = LocalStack.temporary();
        registry = new HttpSchemaRegistry(RegistryConfig.from(config("")));
        producer = producer("the-others");
    }

    @AfterAll
    static void stop() {
        producer.close();
        registry.close();
        stack.close();
    }

    private static KafkaProducer<String, byte[]> producer(String transactionalId) {
        var opened = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", stack.bootstrapServers(), "transactional.id", transactionalId),
                new StringSerializer(),
                new ByteArraySerializer());
        opened.initTransactions();
        return opened;
    }

    private static Map<String, String> config(String prefix) {
        return Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "registry.url",
                stack.registryUrl(),
                "topics.prefix",
                prefix);
    }

    private static void createTopics(String prefix) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(prefix + "rollouts", 3, (short) 1),
                            new NewTopic(prefix + "rewards", 3, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** As the stream application does: in transactions, some of which are aborted. */
    private static void reward(String prefix, GroupReward reward) {
        String topic = prefix + "rewards";
        byte[] value = new AvroSerializer<>(registry, GroupReward.class).serialize(topic, reward);
        for (boolean commits : new boolean[] {false, true}) {
            producer.beginTransaction();
            var unused =
                    producer.send(new ProducerRecord<>(topic, Keys.of(reward.getJobId(), reward.getGroupId()), value));
            producer.flush();
            if (commits) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    @Test
    void groupsComeOnceWithTheirCommittedRolloutsThoughTheReaderRestarts() throws Exception {
        // Given
        createTopics("once.");
        List<RewardedGroup> read = new ArrayList<>();
        GroupPosition position;
        try (GroupWriter writer = GroupWriter.open(config("once."), "once");
                GroupReader reader = GroupReader.open(config("once."), "job", Optional.empty(), Start.NOW)) {
            // What is aborted was never there, and its place must not be waited for.
            try (var aborting = producer("aborting")) {
                aborting.beginTransaction();
                byte[] value = new AvroSerializer<>(registry, Rollout.class)
                        .serialize("once.rollouts", Given.rollout(D, 0, 1, "aborted"));
                for (int partition = 0; partition < 3; partition++) {
                    var unused = aborting.send(new ProducerRecord<>("once.rollouts", partition, "job/d", value));
                }
                aborting.flush();
                aborting.abortTransaction();
            }
            writer.write(List.of(Given.group(A, 3), Given.group(B, 2), Given.group(C, 1)));
            reward("once.", Given.reward(A, 3));
            reward("once.", Given.reward(D, 1));

            // When
            read.add(reader.next(PATIENCE).orElseThrow());
            read.add(reader.next(PATIENCE).orElseThrow());
            position = GroupPosition.fromJson(reader.position().toJson());
            reward("once.", Given.reward(B, 2));
            // Handed out, but not stored: it has to come again.
            assertThat(reader.next(PATIENCE).orElseThrow().id()).isEqualTo(B);
        }
        reward("once.", Given.reward(C, 1));
        try (GroupReader reader = GroupReader.open(config("once."), "job", Optional.of(position), Start.NOW)) {
            assertThat(reader.catchUp(PATIENCE)).isTrue();
            assertThat(reader.waiting()).containsExactlyInAnyOrder(B, C);
            read.add(reader.next(PATIENCE).orElseThrow());
            read.add(reader.next(PATIENCE).orElseThrow());

            // Then
            assertThat(reader.next(Duration.ofMillis(300))).isEmpty();
            assertThat(reader.waiting()).isEmpty();
        }
        assertThat(read).extracting(RewardedGroup::id).containsExactlyInAnyOrder(A, B, C, D);
        for (RewardedGroup group : read) {
            assertThat(group.rollouts())
                    .as(group.id().toString())
                    .hasSize(group.id().equals(D) ? 0 : group.size());
        }
    }

    @Test
    void exampleTrainsOnEachGroupOnceThoughItIsStartedAgain(@TempDir Path folder) throws Exception {
        // Given
        createTopics("example.");
        Path file = folder.resolve("position.json");
        List<GroupId> trained = new ArrayList<>();
        try (GroupWriter writer = GroupWriter.open(config("example."), "example")) {
            for (GroupId id : List.of(A, B, C)) {
                writer.write(List.of(Given.group(id, 2)));
                reward("example.", Given.reward(id, 2));

                // When
                TrainElsewhere.run(
                        config("example."),
                        "job",
                        file,
                        Duration.ofSeconds(1),
                        batch -> batch.forEach(group -> trained.add(group.id())));
            }
        }

        // Then
        assertThat(trained).containsExactly(A, B, C);
    }

    @Test
    void writerThatIsOpenedLastIsTheOnlyOne() throws Exception {
        // Given
        createTopics("fence.");
        try (GroupWriter zombie = GroupWriter.open(config("fence."), "fence")) {
            zombie.write(List.of(Given.group(A, 2)));
            try (GroupWriter writer = GroupWriter.open(config("fence."), "fence")) {

                // When, Then
                assertThatThrownBy(() -> zombie.write(List.of(Given.group(B, 2))))
                        .isInstanceOf(ClientException.class)
                        .hasMessageContaining("another process writes as 'fence'; end it");
                writer.write(List.of(Given.group(C, 2)));
            }
        }
        try (GroupReader reader = GroupReader.open(config("fence."), "job", Optional.empty(), Start.EARLIEST)) {
            assertThat(reader.catchUp(PATIENCE)).isTrue();
            assertThat(reader.waiting()).containsExactlyInAnyOrder(A, C);
        }
    }

    @Test
    void readerThatWaitsCanBeWokenUp() throws Exception {
        // Given
        createTopics("wake.");
        try (GroupReader reader = GroupReader.open(config("wake."), "job", Optional.empty(), Start.NOW)) {
            AtomicBoolean waits = new AtomicBoolean();
            CompletableFuture<Optional<RewardedGroup>> waiting = CompletableFuture.supplyAsync(() -> {
                waits.set(true);
                return reader.next(Duration.ofMinutes(5));
            });
            await().untilTrue(waits);

            // When
            reader.wakeup();

            // Then
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void writerAndReaderGoOnWhenBrokerAndRegistryWereKilled() throws Exception {
        // Given
        createTopics("killed.");
        try (GroupWriter writer = GroupWriter.open(config("killed."), "killed");
                GroupReader reader = GroupReader.open(config("killed."), "job", Optional.empty(), Start.NOW)) {
            writer.write(List.of(Given.group(A, 2)));
            stack.killRegistry();
            stack.killBroker();
            CompletableFuture<Void> written =
                    CompletableFuture.runAsync(() -> writer.write(List.of(Given.group(B, 2), Given.group(C, 2))));

            // When
            assertThat(reader.next(Duration.ofSeconds(3))).isEmpty();
            assertThat(reader.catchUp(Duration.ofSeconds(3))).isFalse();
            assertThat(written).isNotDone();
            stack.startBroker();
            stack.startRegistry();
            written.get(60, TimeUnit.SECONDS);
            for (GroupId id : List.of(A, B, C)) {
                reward("killed.", Given.reward(id, 2));
            }

            // Then
            List<GroupId> read = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RewardedGroup group = reader.next(PATIENCE).orElseThrow();
                assertThat(group.rollouts()).hasSize(2);
                read.add(group.id());
            }
            assertThat(read).containsExactlyInAnyOrder(A, B, C);
            assertThat(reader.waiting()).isEmpty();
        }
    }

    @Test
    void topicThatIsNotThereIsSaidAtOnce() {
        assertThatThrownBy(() -> GroupReader.open(config("none."), "job", Optional.empty(), Start.NOW))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("there is no topic 'none.rewards'");
    }
}
