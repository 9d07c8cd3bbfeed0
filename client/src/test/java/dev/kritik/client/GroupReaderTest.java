/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.kritik.client.GroupReader.Start;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.registry.UnknownSchemaException;

class GroupReaderTest {

    private static final GroupId A = new GroupId(FakeTopics.JOB, "a", 0);
    private static final GroupId B = new GroupId(FakeTopics.JOB, "b", 0);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeTopics topics = new FakeTopics(2);

    @Test
    void groupComesWithItsRolloutsRewardsAndAdvantages() {
        // Given
        Given.group(A, 3).forEach(topics::write);
        topics.write(Given.reward(A, 3));

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            RewardedGroup group = reader.next(SOON).orElseThrow();

            // Then
            assertThat(group.id()).isEqualTo(A);
            assertThat(group.rewards()).containsExactly(1, 2, 3);
            assertThat(group.advantages(Advantages.GRPO)).containsExactly(-1, 0, 1);
            assertThat(group.rollout(2).map(Rollout::getResponseTokenIds)).hasValue(List.of(1, 2, 2));
            assertThat(reader.waiting()).isEmpty();
            assertThat(reader.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void ofSeveralPartitionsTheGroupComesFirstThatEndedFirst() {
        // Given
        for (int i = 0; i < 10; i++) {
            GroupId id = new GroupId(FakeTopics.JOB, "g" + i, 0);
            topics.write(Given.rollout(id, 0, 1, ""));
            topics.write(Given.reward(id, List.of(MemberStatus.SCORED), i, false));
        }

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {

            // Then
            for (int i = 0; i < 10; i++) {
                assertThat(reader.next(SOON).orElseThrow().id().groupId()).isEqualTo("g" + i);
            }
        }
    }

    @Test
    void groupWhoseRolloutsAreGoneComesWithoutThem() {
        // Given
        topics.write(Given.reward(A, 2));

        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            // When
            RewardedGroup group = reader.next(SOON).orElseThrow();

            // Then
            assertThat(group.rollouts()).isEmpty();
            assertThat(group.rewards()).containsExactly(1, 2);
        }
    }

    @Test
    void rolloutOfAGroupThatSaysAnotherSizeOrQuestionDoesNotCount() {
        // Given
        topics.write(Given.rollout(A, 0, 2, "first"));
        topics.write(Given.rollout(A, 1, 3, "another size"));
        topics.write(Rollout.newBuilder(Given.rollout(A, 1, 2, "another question"))
                .setMessages(List.of())
                .build());
        topics.write(Given.rollout(A, 1, 2, "second"));
        topics.write(Given.reward(A, 2));

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            RewardedGroup group = reader.next(SOON).orElseThrow();

            // Then
            assertThat(group.rollout(0).orElseThrow().getResponse()).isEqualTo("first");
            assertThat(group.rollout(1).orElseThrow().getResponse()).isEqualTo("second");
        }
    }

    @Test
    void recordThatCanNotBeReadIsCountedAndStopsNobody() {
        // Given
        topics.write(topics.topics.rewards(), Keys.of(FakeTopics.JOB, "a"), new byte[] {1, 2}, 0);
        topics.write(topics.topics.rollouts(), Keys.of(FakeTopics.JOB, "a"), null, 0);
        topics.write(topics.topics.rollouts(), Keys.of("other", "a"), new byte[] {3}, 0);
        topics.write(topics.topics.rollouts(), null, new byte[] {3}, 0);
        topics.write(Given.rollout(A, 0, 1, ""));
        topics.write(Given.reward(A, 1));

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {

            // Then
            assertThat(reader.next(SOON).map(RewardedGroup::id)).hasValue(A);
            assertThat(reader.undecodable()).isEqualTo(2);
        }
    }

    @Test
    void recordThatContradictsItsKeyIsPassedOver() {
        // Given
        topics.write(
                topics.topics.rollouts(),
                Keys.of(FakeTopics.JOB, "b"),
                topics.bytes(Given.rollout(A, 0, 1, "under the key of another")),
                0);

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            reader.catchUp(SOON);

            // Then
            assertThat(reader.waiting()).isEmpty();
        }
    }

    /** Gives its first answers wrongly, then asks another. */
    private static SchemaRegistry stumbling(SchemaRegistry registry, int times, RuntimeException how) {
        return new SchemaRegistry() {
            private int asked;

            @Override
            public int register(String subject, Schema schema) {
                return registry.register(subject, schema);
            }

            @Override
            public Schema schemaById(int id) {
                asked++;
                if (asked <= times) {
                    throw how;
                }
                return registry.schemaById(id);
            }
        };
    }

    @Test
    void nothingIsPassedOverWhileTheRegistryIsDown() {
        // Given
        Given.group(A, 2).forEach(topics::write);
        topics.write(Given.reward(A, 2));
        topics.registry = stumbling(topics.registry, 2, new RegistryUnavailableException("down"));

        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            GroupPosition start = reader.position();

            // When
            Optional<RewardedGroup> early = reader.next(Duration.ZERO);
            GroupPosition meanwhile = reader.position();
            Optional<RewardedGroup> group = reader.next(SOON);

            // Then
            assertThat(early).isEmpty();
            assertThat(meanwhile).isEqualTo(start);
            assertThat(group.orElseThrow().rollouts()).hasSize(2);
            assertThat(reader.undecodable()).isZero();
        }
    }

    @Test
    void youngRecordWaitsForASchemaThatTheRegistryDoesNotKnowYet() {
        // Given
        Rollout rollout = Given.rollout(A, 0, 1, "");
        topics.write(
                topics.topics.rollouts(),
                Keys.of(FakeTopics.JOB, "a"),
                topics.bytes(rollout),
                System.currentTimeMillis());
        topics.write(Given.reward(A, 1));
        topics.registry = stumbling(topics.registry, 1, new UnknownSchemaException("not yet"));

        // When
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {

            // Then
            assertThat(reader.next(SOON).orElseThrow().rollouts()).hasSize(1);
            assertThat(reader.undecodable()).isZero();
        }
    }

    @Test
    void fromNowOnMeansAfterEverythingThatStandsThere() {
        // Given
        topics.write(Given.rollout(A, 0, 1, ""));
        topics.write(Given.reward(A, 1));

        try (GroupReader reader = topics.open(Optional.empty(), Start.NOW)) {
            GroupPosition now = reader.position();
            topics.write(Given.rollout(B, 0, 1, ""));
            topics.write(Given.reward(B, 1));

            // When
            Optional<RewardedGroup> group = reader.next(SOON);

            // Then
            assertThat(group.map(RewardedGroup::id)).hasValue(B);
            assertThat(reader.next(Duration.ZERO)).isEmpty();
            try (GroupReader again = topics.open(Optional.of(now), Start.EARLIEST)) {
                assertThat(again.next(SOON).map(RewardedGroup::id)).hasValue(B);
            }
        }
    }

    @Test
    void caughtUpItKnowsEveryGroupThatStandsThereAndHasGivenNone() {
        // Given
        topics.mostPerPoll = 1;
        Given.group(A, 3).forEach(topics::write);
        topics.write(Given.rollout(B, 0, 2, ""));
        topics.write(Given.reward(A, 3));

        GroupPosition position;
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {

            // When
            boolean done = reader.catchUp(SOON);

            // Then
            assertThat(done).isTrue();
            assertThat(reader.waiting()).containsExactlyInAnyOrder(A, B);
            position = reader.position();
            assertThat(reader.next(Duration.ZERO).map(RewardedGroup::id)).hasValue(A);
        }
        try (GroupReader reader = topics.open(Optional.of(position), Start.EARLIEST)) {
            assertThat(reader.waiting()).containsExactlyInAnyOrder(A, B);
            assertThat(reader.next(SOON).orElseThrow().rollouts()).hasSize(3);
        }
    }

    @Test
    void catchingUpSaysWhenItIsNotDone() {
        topics.mostPerPoll = 1;
        Given.group(A, 3).forEach(topics::write);
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            assertThat(reader.catchUp(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void silentBrokersAreAskedAgain() {
        // Given
        topics.write(Given.reward(A, 1));
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            topics.consumer.setPollException(new TimeoutException("no answer"));
            topics.consumer.schedulePollTask(() -> topics.consumer.setOffsetsException(new TimeoutException("none")));

            // When
            Optional<RewardedGroup> group = reader.next(SOON);

            // Then
            assertThat(group.map(RewardedGroup::id)).hasValue(A);
        }
    }

    @Test
    void wokenUpItReturnsAtOnce() {
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            reader.wakeup();

            assertThat(reader.next(Duration.ofDays(1_000_000))).isEmpty();
        }
    }

    @Test
    void whatIsNotAllowedIsFatalAndSaysWhatToDo() {
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            topics.consumer.setPollException(new TopicAuthorizationException("rewards"));

            assertThatThrownBy(() -> reader.next(SOON))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("rewards")
                    .hasMessageContaining("let this user read");
        }
    }

    @Test
    void offsetsThatAreDeletedBeforeTheyAreReadAreAnError() {
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            topics.write(Given.rollout(A, 0, 1, ""));
            TopicPartition partition = topics.partition(topics.topics.rollouts(), "job/a");
            topics.consumer.updateBeginningOffsets(Map.of(partition, 7L));

            assertThatThrownBy(() -> reader.next(SOON))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("offset 0 of partition " + partition.partition() + " of topic 'rollouts'")
                    .hasMessageContaining("retention");
        }
    }

    @Test
    void positionThatTheTopicsHoldNoLongerIsAnErrorThatSaysWhere() {
        // Given
        TopicPartition rewards = new TopicPartition(topics.topics.rewards(), 1);
        topics.begins.put(rewards, 7L);
        topics.ends.put(rewards, 9L);

        // When, Then
        assertRefused(Map.of(0, 0L, 1, 6L), "offset 6 of partition 1 of topic 'rewards'", "holds 7 on", "retention");
        assertRefused(Map.of(0, 0L, 1, 10L), "offset 10 of partition 1 of topic 'rewards'", "ends at 9", "made anew");
        assertRefused(Map.of(0, 0L, 2, 0L), "partition 2 of topic 'rewards', which has 2");
    }

    private void assertRefused(Map<Integer, Long> rewards, String... message) {
        var none = Map.of(0, 0L, 1, 0L);
        var position = new GroupPosition(rewards, none, none, Set.of());
        assertThatThrownBy(() -> topics.open(Optional.of(position), Start.EARLIEST))
                .isInstanceOf(ClientException.class)
                .hasMessageContainingAll(message);
    }

    @Test
    void partitionThatIsNewerThanThePositionIsReadFromItsBeginning() {
        // Given
        topics.write(Given.rollout(A, 0, 1, ""));
        topics.write(Given.reward(A, 1));
        var nothing = new GroupPosition(Map.of(), Map.of(), Map.of(), Set.of());

        // When
        try (GroupReader reader = topics.open(Optional.of(nothing), Start.NOW)) {

            // Then
            assertThat(reader.next(SOON).map(RewardedGroup::id)).hasValue(A);
        }
    }

    @Test
    void positionOfAnotherJobIsRefused() {
        var zero = Map.of(0, 0L, 1, 0L);
        var position = new GroupPosition(zero, zero, zero, Set.of(new GroupId("another", "g", 0)));
        assertThatThrownBy(() -> topics.open(Optional.of(position), Start.NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'another'");
    }

    @Test
    void rolloutsAreNotReadFarAheadOfRewardsNorRewardsOfRollouts() {
        // Given
        for (int i = 0; i < 6_000; i++) {
            topics.write(Given.rollout(new GroupId(FakeTopics.JOB, "g" + i, 0), 0, 1, ""));
        }
        try (GroupReader reader = topics.open(Optional.empty(), Start.EARLIEST)) {
            // When
            for (int i = 0; i < 30; i++) {
                reader.next(Duration.ZERO);
            }

            // Then
            assertThat(reader.waiting()).hasSizeBetween(5_000, 5_999);

            // When
            GroupId last = new GroupId(FakeTopics.JOB, "g5999", 0);
            topics.write(Given.reward(last, 1));

            // Then
            assertThat(reader.next(SOON).orElseThrow().rollouts()).hasSize(1);
            assertThat(reader.catchUp(SOON)).isTrue();
            assertThat(reader.waiting()).hasSize(5_999);
        }
    }
}
