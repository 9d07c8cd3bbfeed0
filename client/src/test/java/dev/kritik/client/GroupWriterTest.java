/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;

class GroupWriterTest {

    private static final GroupId A = new GroupId("job", "a", 0);
    private static final GroupId B = new GroupId("job", "b", 1);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FailingProducer producer = new FailingProducer();
    private SchemaRegistry registry = new InMemorySchemaRegistry();

    /** Fails as it is told, one step at a time. */
    private static final class FailingProducer extends MockProducer<String, byte[]> {
        private final Queue<RuntimeException> sends = new ArrayDeque<>();
        private final Queue<RuntimeException> commits = new ArrayDeque<>();
        private final Queue<RuntimeException> aborts = new ArrayDeque<>();
        private int aborted;
        private int begun;

        FailingProducer() {
            super(
                    new Cluster(
                            "cluster",
                            List.of(Node.noNode()),
                            List.of(new PartitionInfo("rollouts", 0, null, null, null)),
                            Set.of(),
                            Set.of()),
                    true,
                    null,
                    new StringSerializer(),
                    new ByteArraySerializer());
        }

        @Override
        public void beginTransaction() {
            begun++;
            super.beginTransaction();
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
            RuntimeException failure = sends.poll();
            return failure == null ? super.send(record) : CompletableFuture.failedFuture(failure);
        }

        @Override
        public void commitTransaction() {
            fail(commits);
            super.commitTransaction();
        }

        @Override
        public void abortTransaction() {
            fail(aborts);
            aborted++;
            super.abortTransaction();
        }

        private static void fail(Queue<RuntimeException> failures) {
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        }
    }

    private GroupWriter writer(Duration patience) {
        return GroupWriter.open(producer, registry, () -> {}, "rollouts", "run-7", patience);
    }

    private List<String> written() {
        return producer.history().stream().map(ProducerRecord::key).toList();
    }

    @Test
    void groupsOfACallStandInOneTransactionUnderTheirKeys() {
        writer(LONG).write(List.of(Given.group(A, 2), Given.group(B, 1)));

        assertThat(written()).containsExactly("job/a", "job/a", "job/b");
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void noGroupsNeedNoTransaction() {
        writer(LONG).write(List.of());

        assertThat(producer.begun).isZero();
    }

    @Test
    void abortedTransactionIsWrittenAgainAndNothingTwice() {
        // Given
        producer.sends.add(new TimeoutException("not delivered"));
        producer.aborts.add(new TimeoutException("the coordinator does not answer yet"));

        // When
        writer(LONG).write(List.of(Given.group(A, 2)));

        // Then
        assertThat(written()).containsExactly("job/a", "job/a");
        assertThat(producer.aborted).isEqualTo(1);
        assertThat(producer.begun).isEqualTo(2);
    }

    @Test
    void commitThatTimesOutIsAskedForAgainAndNotBegunAnew() {
        // Given
        producer.commits.add(new TimeoutException("who knows"));
        producer.commits.add(new TimeoutException("who knows"));

        // When
        writer(LONG).write(List.of(Given.group(A, 2)));

        // Then
        assertThat(written()).containsExactly("job/a", "job/a");
        assertThat(producer.begun).isEqualTo(1);
        assertThat(producer.aborted).isZero();
    }

    @Test
    void commitWithoutAnAnswerForTooLongEndsTheWriterAndSaysThatNobodyKnows() {
        // Given
        producer.commits.addAll(Collections.nCopies(1_000_000, new TimeoutException("who knows")));
        GroupWriter writer = writer(Duration.ofMillis(5));

        // When, Then
        assertThatThrownBy(() -> writer.write(List.of(Given.group(A, 2))))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("nobody knows whether these groups were written");
        assertThatThrownBy(() -> writer.write(List.of(Given.group(B, 2))))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("nobody knows");
        assertThat(producer.aborted).isZero();
    }

    @Test
    void writerThatAnotherHasReplacedSaysSo() {
        // Given
        producer.aborts.add(new ProducerFencedException("fenced"));
        producer.sends.add(new InvalidProducerEpochException("old"));

        // When, Then
        assertThatThrownBy(() -> writer(LONG).write(List.of(Given.group(A, 2))))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("another process writes as 'run-7'; end it")
                .hasMessageContaining("these groups were not written");
    }

    @Test
    void whatAnotherTryDoesNotHelpIsNotTriedAgain() {
        // Given
        GroupWriter writer = writer(LONG);
        producer.sends.add(new TopicAuthorizationException("rollouts"));
        producer.sends.add(new RecordTooLargeException("17 MB"));

        // When, Then
        assertThatThrownBy(() -> writer.write(List.of(Given.group(A, 2))))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("let this user");
        assertThatThrownBy(() -> writer.write(List.of(Given.group(A, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("17 MB");
        writer.write(List.of(Given.group(B, 1)));
        assertThat(written()).containsExactly("job/b");
        assertThat(producer.aborted).isEqualTo(2);
    }

    @Test
    void noTransactionStandsOpenWhileTheRegistryIsDown() {
        // Given
        var sound = registry;
        registry = new SchemaRegistry() {
            private boolean up;

            @Override
            public int register(String subject, Schema schema) {
                assertThat(producer.transactionInFlight()).isFalse();
                if (!up) {
                    up = true;
                    throw new RegistryUnavailableException("down");
                }
                return sound.register(subject, schema);
            }

            @Override
            public Schema schemaById(int id) {
                return sound.schemaById(id);
            }
        };

        // When
        writer(LONG).write(List.of(Given.group(A, 2)));

        // Then
        assertThat(written()).hasSize(2);
    }

    @Test
    void groupThatIsNotWholeIsRefusedBeforeAnythingIsWritten() {
        GroupWriter writer = writer(LONG);
        List<Rollout> whole = Given.group(A, 3);

        assertRefused(writer, whole.subList(0, 2), "group job/a", "2 members", "group_size is 3");
        assertRefused(writer, List.of(whole.get(0), whole.get(1), whole.get(1)), "two members have index 1");
        assertRefused(writer, List.of(Given.rollout(A, 1, 1, "")), "index 1 is not within 0..0");
        assertRefused(
                writer, List.of(Given.rollout(A, 0, 2, ""), Given.rollout(B, 1, 2, "")), "member of group job/b#1");
        assertRefused(writer, List.of(), "no members");
        assertRefused(writer, Given.group(new GroupId("a/b", "c", 0), 1), "its job_id has a '/'");
        assertRefused(writer, Given.group(new GroupId("", "c", 0), 1), "job_id ''");
        assertRefused(writer, Given.group(new GroupId("a", "x".repeat(201), 0), 1), "group_id 'xxx");
        assertRefused(writer, Given.group(new GroupId("a", "b\n", 0), 1), "no control characters");
        assertRefused(writer, Given.group(new GroupId("a", "b", -1), 1), "group_attempt is less than 0");
        List<List<Rollout>> twice = new ArrayList<>(List.of(whole, whole));
        assertThatThrownBy(() -> writer.write(twice)).hasMessageContaining("in this list twice");
        assertThat(producer.begun).isZero();
    }

    private static void assertRefused(GroupWriter writer, List<Rollout> group, String... message) {
        assertThatThrownBy(() -> writer.write(List.of(group)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(message);
    }
}
