/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;

class CheckTest {

    private static final RolloutCheck CHECK = new RolloutCheck(Given.rules());

    static Stream<Arguments> rolloutsWithoutAnIdentity() {
        return Stream.of(
                Arguments.of("BAD_JOB_ID", "/query", Given.rollout(0, 1).setJobId("")),
                Arguments.of("BAD_JOB_ID", "a/b/query", Given.rollout(0, 1).setJobId("a/b")),
                Arguments.of("BAD_JOB_ID", "j/query", Given.rollout(0, 1).setJobId("j".repeat(201))),
                Arguments.of("BAD_GROUP_ID", "job/", Given.rollout(0, 1).setGroupId("")),
                Arguments.of("BAD_GROUP_ID", "job/a\u0000b", Given.rollout(0, 1).setGroupId("a\u0000b")),
                Arguments.of("BAD_GROUP_ID", "job/a\u0085b", Given.rollout(0, 1).setGroupId("a\u0085b")),
                Arguments.of(
                        "BAD_GROUP_ATTEMPT", "job/query", Given.rollout(0, 1).setGroupAttempt(-1)),
                Arguments.of("KEY_MISMATCH", "job/other", Given.rollout(0, 1)),
                Arguments.of("GROUP_SIZE_OUT_OF_RANGE", "job/query", Given.rollout(0, 0)),
                Arguments.of("GROUP_SIZE_OUT_OF_RANGE", "job/query", Given.rollout(0, -3)),
                Arguments.of("GROUP_SIZE_OUT_OF_RANGE", "job/query", Given.rollout(0, 1025)),
                Arguments.of("INDEX_OUT_OF_RANGE", "job/query", Given.rollout(-1, 2)),
                Arguments.of("INDEX_OUT_OF_RANGE", "job/query", Given.rollout(2, 2)));
    }

    @ParameterizedTest
    @MethodSource("rolloutsWithoutAnIdentity")
    void saysWhyARolloutBelongsToNoGroup(String reason, String key, Rollout.Builder rollout) {
        assertThat(CHECK.check(key, rollout.build())).isInstanceOfSatisfying(Checked.Unusable.class, unusable -> {
            assertThat(unusable.reason()).isEqualTo(reason);
            assertThat(unusable.detail()).isNotBlank();
        });
    }

    static Stream<Arguments> rolloutsThatCantBeJudged() {
        return Stream.of(
                Arguments.of("K_OUT_OF_RANGE", Given.rollout(0, 1).setK(0)),
                Arguments.of("K_OUT_OF_RANGE", Given.rollout(0, 1).setK(65)),
                Arguments.of("PANEL_SIZE_OUT_OF_RANGE", Given.rollout(0, 1).setPanelSize(0)),
                Arguments.of("K_META_OUT_OF_RANGE", Given.rollout(0, 1).setKMeta(-1)),
                Arguments.of("HINT_OUT_OF_RANGE", Given.rollout(0, 3).setHint(3)),
                Arguments.of("HINT_OUT_OF_RANGE", Given.rollout(0, 3).setHint(-1)),
                Arguments.of("HINT_OUT_OF_RANGE", Given.rollout(0, 1).setHint(0)),
                Arguments.of("HINT_OUT_OF_RANGE", Given.rollout(0, 1).setHint(11)),
                Arguments.of("NO_MESSAGES", Given.rollout(0, 1).setMessages(List.of())),
                Arguments.of("MESSAGES_TOO_LONG", Given.rollout(0, 1).setReference("x".repeat(2000))),
                Arguments.of("RESPONSE_TOO_LONG", Given.rollout(0, 1).setResponse("\u4f60".repeat(334))));
    }

    @ParameterizedTest
    @MethodSource("rolloutsThatCantBeJudged")
    void letsTheGroupKnowOfAMemberThatCantBeJudged(String reason, Rollout.Builder rollout) {
        assertThat(CHECK.check("job/query", rollout.build()))
                .isInstanceOfSatisfying(
                        Checked.Known.class,
                        known -> assertThat(known.event())
                                .isInstanceOfSatisfying(
                                        Event.MemberRejected.class,
                                        rejected ->
                                                assertThat(rejected.reason()).isEqualTo(reason)));
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        Rollout rollout = Given.rollout(1023, 1024)
                .setJobId("\ud83d\ude00".repeat(200))
                .setGroupId("a/b c:#")
                .setResponse("x".repeat(1000))
                .setK(64)
                .build();

        assertThat(CHECK.check("\ud83d\ude00".repeat(200) + "/a/b c:#", rollout))
                .isInstanceOfSatisfying(
                        Checked.Known.class,
                        known -> assertThat(known.event()).isInstanceOf(Event.RolloutArrived.class));
    }

    static Stream<Arguments> badCritiques() {
        var one = List.of(new MemberScore(0, 5));
        return Stream.of(
                Arguments.of("SCORE_OUT_OF_RANGE", critique().setScores(List.of(new MemberScore(0, 0)))),
                Arguments.of("SCORE_OUT_OF_RANGE", critique().setScores(List.of(new MemberScore(0, 11)))),
                Arguments.of("SCORES_MISMATCH", critique()),
                Arguments.of("SCORES_MISMATCH", critique().setScores(one).setStatus(CritiqueStatus.FAILED)),
                Arguments.of("META_LOGIT_NOT_FINITE", critique().setScores(one).setMetaLogit(Double.NaN)),
                Arguments.of("KEY_MISMATCH", critique().setScores(one).setGroupId("other")));
    }

    @ParameterizedTest
    @MethodSource("badCritiques")
    void saysWhyACritiqueBreaksTheContract(String reason, Critique.Builder critique) {
        assertThat(CritiqueCheck.check("job/query", critique.build()))
                .isInstanceOfSatisfying(
                        Checked.Unusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(reason));
    }

    @Test
    void takesAStatusOfANewerWorkerAsAFailure() {
        Critique critique = critique().setStatus(CritiqueStatus.UNKNOWN).build();

        assertThat(CritiqueCheck.check("job/query", critique)).isInstanceOfSatisfying(Checked.Known.class, known -> {
            Sample sample = ((Event.SampleArrived) known.event()).sample();
            assertThat(sample.status()).isEqualTo("FAILED");
            assertThat(sample.reason()).isEqualTo("UNKNOWN_STATUS");
        });
    }

    @Test
    void measuresTextsAsTheyTravel() {
        for (String text :
                List.of("", "abc", "\u00e9", "\u4f60\u597d", "\ud83d\ude00x", "\ud83d", "a\ude00b", "\u07ff\u0800")) {
            assertThat(Utf8.length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private static Critique.Builder critique() {
        return Given.critique(Given.GROUP, 0, 0, List.of(0));
    }
}
