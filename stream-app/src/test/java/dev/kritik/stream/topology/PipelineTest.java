/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

class PipelineTest {

    @TempDir
    Path stateDir;

    @Test
    void turnsRolloutsIntoARequestAndCritiquesIntoAReward() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given
            bench.rollout(Given.rollout(1, 2).setReference("4"));
            assertThat(bench.requests()).isEmpty();

            // When
            bench.rollout(Given.rollout(0, 2));
            List<CritiqueRequest> asked = bench.requests();

            // Then
            assertThat(asked).hasSize(1);
            CritiqueRequest request = asked.getFirst();
            assertThat(request.getRequestId()).isEqualTo("job/query/0/0/0");
            assertThat(request.getPartition()).isZero();
            assertThat(request.getMessages()).hasSize(1);
            assertThat(request.getReference()).isEqualTo("4");
            assertThat(request.getResponses())
                    .extracting(response -> response.getIndex() + ":" + response.getContent())
                    .containsExactly("0:response 0", "1:response 1");
            assertThat(request.getSamples()).hasSize(2);
            assertThat(request.getDeadlineMs()).isEqualTo(Bench.START.toEpochMilli() + 120_000);

            // When
            assertThat(bench.open()).isOne();
            bench.answer(asked, 7);

            // Then
            assertThat(bench.rewards()).singleElement().satisfies(reward -> {
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
                assertThat(reward.getMembers())
                        .extracting(MemberReward::getReward)
                        .containsExactly(7.0, 7.0);
            });
            assertThat(bench.open()).isZero();
            assertThat(bench.counter("kritik.groups.closed", "status", "OK")).isOne();
            assertThat(bench.letters()).isEmpty();
        }
    }

    @Test
    void asksForHintedCritiquesAndMarksTheReward() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given: the hint is part of what a group keeps while it waits
            bench.rollout(Given.rollout(0, 2).setHint(1));

            // When
            bench.rollout(Given.rollout(1, 2).setHint(1));
            List<CritiqueRequest> asked = bench.requests();
            bench.answer(asked, 7);

            // Then
            assertThat(asked).singleElement().satisfies(request -> {
                assertThat(request.getHint()).isEqualTo(1);
                assertThat(request.getHintScore()).isNull();
            });
            assertThat(bench.rewards())
                    .singleElement()
                    .satisfies(reward -> assertThat(reward.getHinted()).isTrue());
        }
    }

    @Test
    void keepsTextsOnlyUntilTheyAreAskedForAndNothingButAMarkerAfterTheReward() {
        try (var bench = new Bench(stateDir, Map.of())) {
            String text = "a text that is easy to find";
            bench.rollout(Given.rollout(Given.GROUP, 0, 2, text));
            bench.rollout(Given.rollout(Given.GROUP, 1, 2, text + "!"));
            List<CritiqueRequest> asked = bench.requests();

            // Two members without their texts, no conversation.
            assertThat(bench.entries(GroupStore.BODIES)).isEqualTo(2);
            try (var bodies = bench.driver
                    .<Object, byte[]>getKeyValueStore(GroupStore.BODIES)
                    .all()) {
                bodies.forEachRemaining(entry -> assertThat(new String(entry.value, StandardCharsets.UTF_8))
                        .doesNotContain("easy to find"));
            }
            bench.answer(asked, 7);

            assertThat(bench.entries(GroupStore.BODIES)).isZero();
            assertThat(bench.entries(GroupStore.SAMPLES)).isZero();
            assertThat(bench.entries(GroupStore.GROUPS)).isOne();
            assertThat(bench.entries(GroupStore.DEADLINES)).isOne();

            bench.pass(Duration.ofHours(1));

            assertThat(bench.entries(GroupStore.GROUPS)).isZero();
            assertThat(bench.entries(GroupStore.DEADLINES)).isZero();
            assertThat(bench.rewards()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,8,1", "36,8,10", "64,8,16", "36,1,36"})
    void judgesGroupsOfAnySize(int size, int panelSize, int requests) {
        try (var bench = new Bench(stateDir, Map.of(StreamConfig.PANEL_SIZE, Integer.toString(panelSize)))) {
            for (int index = 0; index < size; index++) {
                bench.rollout(Given.rollout(index, size));
            }
            List<CritiqueRequest> asked = bench.requests();
            assertThat(asked).hasSize(requests);
            assertThat(asked).extracting(CritiqueRequest::getRequestId).doesNotHaveDuplicates();
            bench.answer(asked, 5);

            assertThat(bench.rewards()).singleElement().satisfies(reward -> {
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
                assertThat(reward.getMembers()).hasSize(size);
            });
        }
    }

    @Test
    void keepsAttemptsOfOneQueryApart() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(0, 1));
            bench.rollout(Given.rollout(0, 1).setGroupAttempt(1));
            bench.answer(bench.requests(), 5);

            assertThat(bench.rewards()).extracting(GroupReward::getGroupAttempt).containsExactly(0, 1);
            assertThat(bench.letters()).isEmpty();
        }
    }

    @Test
    void closesAGroupWhoseMembersDontCome() {
        try (var bench = new Bench(stateDir, Map.of(StreamConfig.MIN_RESPONSES, "2"))) {
            bench.rollout(Given.rollout(0, 3));
            bench.pass(Duration.ofMillis(59_999));
            assertThat(bench.rewards()).isEmpty();
            bench.pass(Duration.ofMillis(501));

            GroupReward reward = bench.rewards().getFirst();
            assertThat(reward.getStatus()).isEqualTo(GroupStatus.TIMEOUT);
            assertThat(reward.getReason()).isEqualTo("TOO_FEW_RESPONSES");
            assertThat(reward.getClosedMs())
                    .isBetween(Bench.START.toEpochMilli() + 60_000, Bench.START.toEpochMilli() + 60_500);

            bench.rollout(Given.rollout(1, 3));
            assertThat(bench.letters()).extracting(Bench.Letter::reason).containsExactly("LATE");
            bench.rollout(Given.rollout(0, 3));
            assertThat(bench.letters()).isEmpty();
            assertThat(bench.rewards()).isEmpty();
            assertThat(bench.counter("kritik.records.dropped", "record", "rollout", "why", "late"))
                    .isOne();
            assertThat(bench.counter("kritik.records.dropped", "record", "rollout", "why", "duplicate"))
                    .isOne();
        }
    }

    @Test
    void judgesWhatCameWhenTheCollectionDeadlinePasses() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(2, 3));
            bench.pass(Duration.ofSeconds(61));
            bench.answer(bench.requests(), 3);

            GroupReward reward = bench.rewards().getFirst();
            assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
            assertThat(reward.getMembers())
                    .extracting(MemberReward::getStatus)
                    .containsExactly(MemberStatus.MISSING, MemberStatus.MISSING, MemberStatus.SCORED);
        }
    }

    @Test
    void closesAGroupThatNobodyJudges() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(0, 1));
            List<CritiqueRequest> asked = bench.requests();
            bench.pass(Duration.ofSeconds(121));

            GroupReward reward = bench.rewards().getFirst();
            assertThat(reward.getStatus()).isEqualTo(GroupStatus.TIMEOUT);
            assertThat(reward.getReason()).isEqualTo("TOO_FEW_VOTES");

            bench.answer(asked, 9);
            assertThat(bench.rewards()).isEmpty();
            assertThat(bench.counter("kritik.records.dropped", "record", "critique", "why", "late"))
                    .isEqualTo(2);
        }
    }

    @Test
    void firesADeadlineThatHasPassedWithoutWaitingForTheClock() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(0, 2).setDeadlineMs(5L));

            assertThat(bench.rewards())
                    .singleElement()
                    .satisfies(reward -> assertThat(reward.getStatus()).isEqualTo(GroupStatus.TIMEOUT));
        }
    }

    static Stream<Arguments> undecodable() {
        byte[] unknownId = ByteBuffer.allocate(20).put((byte) 0).putInt(4711).array();
        return Stream.of(
                Arguments.of("NULL_VALUE", "job/query", null),
                Arguments.of("NOT_FRAMED", "job/query", new byte[0]),
                Arguments.of("NOT_FRAMED", "job/query", Bench.utf8("{\"job_id\": \"json\"}")),
                Arguments.of("UNKNOWN_SCHEMA_ID", "job/query", unknownId),
                Arguments.of(
                        "MALFORMED",
                        "job/query",
                        ByteBuffer.allocate(9)
                                .put((byte) 0)
                                .putInt(1)
                                .putInt(-1)
                                .array()),
                Arguments.of("NULL_KEY", null, unknownId));
    }

    @ParameterizedTest
    @MethodSource("undecodable")
    void putsAsideRolloutsThatCantBeReadAndGoesOn(String reason, String key, byte[] value) {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given: the schema of rollouts has the id 1
            bench.bytes(Given.rollout(0, 1).build());
            var headers = new RecordHeaders().add("trace", Bench.utf8("abc"));

            // When
            bench.rolloutBytes(key, value, headers);
            bench.rollout(Given.rollout(0, 1));

            // Then
            assertThat(bench.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.key()).isEqualTo(Bytes.wrap(key == null ? null : Bench.utf8(key)));
                assertThat(letter.value()).isEqualTo(Bytes.wrap(value));
                assertThat(letter.headers())
                        .containsEntry("trace", "abc")
                        .containsEntry("kritik.dead-letter.reason", reason)
                        .containsEntry("kritik.dead-letter.topic", "rollouts")
                        .containsEntry("kritik.dead-letter.partition", "0")
                        .containsEntry("kritik.dead-letter.offset", "0")
                        .containsEntry("kritik.dead-letter.by", "stream-app");
                assertThat(letter.headers().get("kritik.dead-letter.detail")).isNotBlank();
            });
            assertThat(bench.counter("kritik.dead.letters", "reason", reason)).isOne();
            assertThat(bench.requests()).hasSize(1);
        }
    }

    @Test
    void putsAsideARolloutUnderAKeyThatIsNoText() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollouts.pipeInput(
                    new byte[] {(byte) 0xff, 1}, bench.bytes(Given.rollout(0, 1).build()));

            assertThat(bench.letters()).extracting(Bench.Letter::reason).containsExactly("KEY_NOT_UTF8");
        }
    }

    @Test
    void keepsADeadLetterSmallWhateverTheRecordCarries() {
        try (var bench = new Bench(stateDir, Map.of())) {
            Headers headers = new RecordHeaders().add("large", new byte[100_000]);

            bench.rolloutBytes(
                    "k".repeat(100_000), bench.bytes(Given.rollout(0, 1).build()), headers);

            assertThat(bench.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.key().get()).hasSize(8 * 1024);
                assertThat(letter.headers()).doesNotContainKey("large");
                assertThat(letter.headers().get("kritik.dead-letter.detail"))
                        .contains("100000 bytes")
                        .hasSizeLessThan(5_000);
            });
        }
    }

    static Stream<Arguments> badRollouts() {
        return Stream.of(
                Arguments.of("BAD_JOB_ID", Given.rollout(0, 1).setJobId("a/b")),
                Arguments.of("BAD_JOB_ID", Given.rollout(0, 1).setJobId("")),
                Arguments.of("BAD_GROUP_ID", Given.rollout(0, 1).setGroupId("a\nb")),
                Arguments.of("BAD_GROUP_ATTEMPT", Given.rollout(0, 1).setGroupAttempt(-1)),
                Arguments.of("INDEX_OUT_OF_RANGE", Given.rollout(1, 1)),
                Arguments.of("GROUP_SIZE_OUT_OF_RANGE", Given.rollout(0, 0)),
                Arguments.of("GROUP_SIZE_OUT_OF_RANGE", Given.rollout(0, 1025)));
    }

    @ParameterizedTest
    @MethodSource("badRollouts")
    void putsAsideRolloutsThatBelongToNoGroup(String reason, Rollout.Builder rollout) {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(rollout);

            assertThat(bench.letters()).extracting(Bench.Letter::reason).containsExactly(reason);
            assertThat(bench.rewards()).isEmpty();
            assertThat(bench.entries(GroupStore.GROUPS)).isZero();
        }
    }

    static Stream<Arguments> unusableRollouts() {
        return Stream.of(
                Arguments.of("K_OUT_OF_RANGE", Given.rollout(0, 1).setK(65)),
                Arguments.of("PANEL_SIZE_OUT_OF_RANGE", Given.rollout(0, 1).setPanelSize(0)),
                Arguments.of("K_META_OUT_OF_RANGE", Given.rollout(0, 1).setKMeta(-1)),
                Arguments.of("NO_MESSAGES", Given.rollout(0, 1).setMessages(List.of())),
                Arguments.of("RESPONSE_TOO_LONG", Given.rollout(0, 1).setResponse("x".repeat(262_145))),
                Arguments.of("MESSAGES_TOO_LONG", Given.rollout(0, 1).setReference("x".repeat(524_288))));
    }

    @ParameterizedTest
    @MethodSource("unusableRollouts")
    void putsAsideRolloutsThatCantBeJudgedAndEndsTheirGroupsAtOnce(String reason, Rollout.Builder rollout) {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(rollout);

            assertThat(bench.letters()).extracting(Bench.Letter::reason).containsExactly(reason);
            assertThat(bench.rewards()).singleElement().satisfies(reward -> {
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.FAILED);
                assertThat(reward.getReason()).isEqualTo("MEMBERS_REJECTED");
                assertThat(reward.getMembers().getFirst().getStatus()).isEqualTo(MemberStatus.REJECTED);
                assertThat(reward.getMembers().getFirst().getReason()).isEqualTo(reason);
            });
        }
    }

    @Test
    void putsAsideWhatContradictsAndCountsWhatComesAgain() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(0, 2));
            bench.rollout(Given.rollout(0, 2));
            bench.rollout(Given.rollout(1, 3));
            bench.rollout(Given.rollout(Given.GROUP, 0, 2, "other"));
            bench.rollout(Given.rollout(1, 2).setMessages(List.of(new Message("user", "else"))));

            assertThat(bench.letters())
                    .extracting(Bench.Letter::reason)
                    .containsExactly("GROUP_SIZE_CONTRADICTS", "CONFLICTING_DUPLICATE", "MESSAGES_CONTRADICT");
            assertThat(bench.counter("kritik.records.dropped", "record", "rollout", "why", "duplicate"))
                    .isOne();
            bench.rollout(Given.rollout(1, 2));
            assertThat(bench.requests()).hasSize(1);
        }
    }

    @Test
    void putsAsideBadCritiquesAndWaitsForGoodOnes() {
        try (var bench = new Bench(stateDir, Map.of())) {
            var stranger = new GroupId("job", "stranger", 0);
            bench.rollout(Given.rollout(0, 2));
            bench.rollout(Given.rollout(1, 2));
            List<CritiqueRequest> asked = bench.requests();

            bench.critiqueBytes("job/query", new byte[] {1, 2, 3});
            bench.critiqueBytes("job/query", null);
            bench.critiqueBytes(null, new byte[] {1, 2, 3});
            bench.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 1), 11));
            bench.critique(Given.ok(Given.GROUP, 0, 0, List.of(0), 5));
            bench.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 1, 2), 5));
            bench.critique(Given.ok(Given.GROUP, 1, 0, List.of(0, 1), 5));
            bench.critique(Given.ok(Given.GROUP, 0, 2, List.of(0, 1), 5));
            bench.critique(Given.ok(stranger, 0, 0, List.of(0, 1), 5));
            bench.critique(Given.critique(Given.GROUP, 0, 0, List.of(0, 1))
                    .setScores(List.of(new MemberScore(0, 1), new MemberScore(0, 2)))
                    .build());

            assertThat(bench.letters())
                    .extracting(Bench.Letter::reason)
                    .containsExactly(
                            "NOT_FRAMED",
                            "NULL_VALUE",
                            "NULL_KEY",
                            "SCORE_OUT_OF_RANGE",
                            "SCORES_MISMATCH",
                            "SCORES_MISMATCH",
                            "UNKNOWN_SAMPLE",
                            "UNKNOWN_SAMPLE",
                            "UNKNOWN_GROUP",
                            "SCORES_MISMATCH");
            assertThat(bench.rewards()).isEmpty();
            bench.answer(asked, 8);
            assertThat(bench.rewards()).hasSize(1);
        }
    }

    @Test
    void endsAGroupWhoseRequestWouldBeTooLarge() {
        try (var bench = new Bench(stateDir, Map.of(StreamConfig.MAX_REQUEST_BYTES, "100000"))) {
            bench.rollout(Given.rollout(Given.GROUP, 0, 2, "0" + "x".repeat(60_000)));
            bench.rollout(Given.rollout(Given.GROUP, 1, 2, "1" + "x".repeat(60_000)));

            assertThat(bench.requests()).isEmpty();
            assertThat(bench.rewards()).singleElement().satisfies(reward -> {
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.FAILED);
                assertThat(reward.getReason()).isEqualTo("REQUEST_TOO_LARGE");
            });
            assertThat(bench.entries(GroupStore.BODIES)).isZero();
        }
    }

    @Test
    void leavesTheVotesOutOfARewardThatWouldBeTooLarge() {
        try (var bench = new Bench(
                stateDir,
                Map.of(StreamConfig.MAX_REWARD_BYTES, "2048", StreamConfig.K, "64", StreamConfig.GOAL, "fixed"))) {
            for (int index = 0; index < 8; index++) {
                bench.rollout(Given.rollout(index, 8));
            }
            bench.answer(bench.requests(), 6);

            assertThat(bench.rewards()).singleElement().satisfies(reward -> {
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
                assertThat(reward.getVotes()).isEmpty();
                assertThat(reward.getDetail()).contains("64 votes are left out");
                assertThat(reward.getMembers().getFirst().getKeptVotes()).isEqualTo(64);
            });
        }
    }

    @Test
    void cutsADeadLetterThatWouldBeTooLarge() {
        try (var bench = new Bench(stateDir, Map.of(StreamConfig.MAX_DEAD_LETTER_BYTES, "1024"))) {
            bench.rolloutBytes("job/query", new byte[5000], new RecordHeaders());

            assertThat(bench.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.value().get()).hasSize(1024);
                assertThat(letter.headers().get("kritik.dead-letter.detail")).contains("5000 bytes");
            });
        }
    }

    @Test
    void failsTheTaskAndPutsNothingAsideWhileTheRegistryIsDown() {
        var inner = new InMemorySchemaRegistry();
        var down = new AtomicBoolean();
        var registry = new SchemaRegistry() {
            @Override
            public int register(String subject, Schema schema) {
                return inner.register(subject, schema);
            }

            @Override
            public Schema schemaById(int id) {
                if (down.get()) {
                    throw new RegistryUnavailableException("down");
                }
                return inner.schemaById(id);
            }
        };
        try (var bench = new Bench(stateDir, Map.of(), registry, System::nanoTime)) {
            down.set(true);
            assertThatThrownBy(() -> bench.rollout(Given.rollout(0, 1)))
                    .hasRootCauseInstanceOf(RegistryUnavailableException.class);
            assertThat(bench.letters()).isEmpty();

            down.set(false);
            bench.rollout(Given.rollout(0, 1));
            assertThat(bench.requests()).hasSize(1);
        }
    }

    @Test
    void putsAsideARecordOnWhichNoDecisionCanBeMadeAndGoesOn() {
        try (var bench = new Bench(stateDir, Map.of())) {
            // Given: state that contradicts itself, as only a fault of ours could make it
            bench.rollout(Given.rollout(0, 2));
            bench.driver.<Bytes, byte[]>getKeyValueStore(GroupStore.BODIES).delete(StoreKeys.member(Given.GROUP, 0));

            // When
            bench.rollout(Given.rollout(0, 2));
            bench.rollout(Given.rollout(new GroupId("job", "other", 0), 0, 1, "x"));

            // Then
            assertThat(bench.letters()).extracting(Bench.Letter::reason).containsExactly("INTERNAL_ERROR");
            assertThat(bench.requests()).hasSize(1);
        }
    }

    @Test
    void namesTheGroupWhoseDeadlineFails() {
        try (var bench = new Bench(stateDir, Map.of())) {
            bench.rollout(Given.rollout(0, 2));
            bench.driver.<Bytes, byte[]>getKeyValueStore(GroupStore.BODIES).delete(StoreKeys.member(Given.GROUP, 0));

            assertThatThrownBy(() -> bench.pass(Duration.ofMinutes(2)))
                    .hasStackTraceContaining("the deadline of group job/query/0 failed");
        }
    }
}
