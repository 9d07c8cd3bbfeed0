/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberStatus;

/** Bad input through the real pipeline: it ends where it can be seen, with a reason, and the flow goes on. */
class BadInputEndToEndTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static Installation installation;
    private static Client client;

    @BeforeAll
    static void start() {
        installation = new Installation(
                Map.of("stream.k", "2", "stream.collect.timeout.ms", "4000", "stream.max.response.bytes", "1000"));
        client = installation.client();
        var judge = installation.judge(JudgeOptions.of(new SeededScores()));
        installation.stream();
        installation.worker(judge.url().toString(), "seeded-scores", Map.of());
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void undecodableBytesEndAsADeadLetterAsTheyWere() {
        // When
        client.publish("test-job/garbage", "no Avro at all".getBytes(UTF_8));
        // Then
        var letter = awaitDeadLetter("test-job/garbage");
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("NOT_FRAMED");
        assertThat(letter.value()).isEqualTo("no Avro at all".getBytes(UTF_8));
        assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(client.topics().rollouts());
        flowGoesOn("after-garbage");
    }

    @Test
    void anUnknownSchemaIdEndsAsADeadLetter() {
        // When
        byte[] framed = ByteBuffer.allocate(9)
                .put((byte) 0)
                .putInt(99_999_999)
                .putInt(0)
                .array();
        client.publish("test-job/unknown-id", framed);
        // Then
        assertThat(header(awaitDeadLetter("test-job/unknown-id"), DeadLetter.REASON))
                .isEqualTo("UNKNOWN_SCHEMA_ID");
        flowGoesOn("after-unknown-id");
    }

    @Test
    void anIndexOutOfRangeEndsAsADeadLetterAndTheGroupWithoutIt() {
        // When
        client.publish(Groups.member("index", 0, 2).build());
        client.publish(Groups.member("index", 2, 2).build());
        // Then
        assertThat(header(awaitDeadLetter("test-job/index"), DeadLetter.DETAIL)).contains("2");
        GroupReward reward = client.awaitReward(Groups.JOB, "index", SOON);
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getReason()).isEqualTo("MEMBERS_MISSING");
    }

    @Test
    void aGroupSizeOfZeroEndsAsADeadLetter() {
        // When
        client.publish(Groups.member("size-zero", 0, 0).build());
        // Then
        assertThat(header(awaitDeadLetter("test-job/size-zero"), DeadLetter.DETAIL))
                .contains("group_size");
        flowGoesOn("after-size-zero");
    }

    @Test
    void aContradictingGroupSizeEndsAsADeadLetterAndTheFirstOneStands() {
        // When
        client.publish(Groups.member("sizes", 0, 2).build());
        client.publish(Groups.member("sizes", 1, 3).build());
        client.publish(Groups.member("sizes", 1, 2).build());
        // Then
        GroupReward reward = client.awaitReward(Groups.JOB, "sizes", SOON);
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
        assertThat(reward.getGroupSize()).isEqualTo(2);
        assertThat(header(awaitDeadLetter("test-job/sizes"), DeadLetter.REASON)).isEqualTo("GROUP_SIZE_CONTRADICTS");
    }

    @Test
    void aRepeatedRolloutChangesNothing() {
        // When
        var first = Groups.member("repeated", 0, 2).build();
        client.publish(first);
        client.publish(first);
        client.publish(Groups.member("repeated", 1, 2).build());
        GroupReward reward = client.awaitReward(Groups.JOB, "repeated", SOON);
        client.publish(first);
        flowGoesOn("after-repeated");
        // Then
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
        assertThat(client.rewards().get("test-job/repeated/0")).hasSize(1);
    }

    @Test
    void aLateRolloutEndsAsADeadLetterAndItsMemberAsMissing() {
        // Given
        client.publish(Groups.member("late", 0, 2).build());
        GroupReward reward = client.awaitReward(Groups.JOB, "late", SOON);
        assertThat(reward.getMembers().get(1).getStatus()).isEqualTo(MemberStatus.MISSING);
        // When
        client.publish(Groups.member("late", 1, 2).build());
        // Then
        assertThat(header(awaitDeadLetter("test-job/late"), DeadLetter.REASON)).isEqualTo("LATE");
        assertThat(client.rewards().get("test-job/late/0")).hasSize(1);
    }

    @Test
    void aResponseOverTheLimitIsRejectedAtOnceAndTheOthersAreJudged() {
        // When
        client.publish(Groups.member("long", 0, 2).setResponse("x".repeat(1001)).build());
        client.publish(Groups.member("long", 1, 2).build());
        // Then
        GroupReward reward = client.awaitReward(Groups.JOB, "long", SOON);
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getMembers().get(0).getStatus()).isEqualTo(MemberStatus.REJECTED);
        assertThat(reward.getMembers().get(0).getReason()).isEqualTo("RESPONSE_TOO_LONG");
        assertThat(reward.getMembers().get(0).getReward()).isNull();
        assertThat(reward.getMembers().get(1).getReward()).isNotNull();
        assertThat(header(awaitDeadLetter("test-job/long"), DeadLetter.REASON)).isEqualTo("RESPONSE_TOO_LONG");
    }

    @Test
    void groupsOfOneAndOfSixtyFourWork() {
        // When
        client.publishAll(Groups.whole("one", 1));
        client.publishAll(Groups.whole("sixty-four", 64));
        // Then
        assertThat(client.awaitReward(Groups.JOB, "one", SOON).getStatus()).isEqualTo(GroupStatus.OK);
        GroupReward large = client.awaitReward(Groups.JOB, "sixty-four", SOON);
        assertThat(large.getStatus()).isEqualTo(GroupStatus.OK);
        assertThat(large.getMembers())
                .hasSize(64)
                .allSatisfy(member -> assertThat(member.getKeptVotes()).isEqualTo(2));
    }

    private static void flowGoesOn(String groupId) {
        client.publishAll(Groups.whole(groupId, 2));
        assertThat(client.awaitReward(Groups.JOB, groupId, SOON).getStatus()).isEqualTo(GroupStatus.OK);
    }

    private static ConsumerRecord<byte[], byte[]> awaitDeadLetter(String key) {
        await().atMost(SOON).until(() -> !lettersOf(key).isEmpty());
        assertThat(lettersOf(key)).hasSize(1);
        return lettersOf(key).getFirst();
    }

    private static List<ConsumerRecord<byte[], byte[]>> lettersOf(String key) {
        return client.deadLetters().stream()
                .filter(letter -> new String(letter.key(), UTF_8).equals(key))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }
}
