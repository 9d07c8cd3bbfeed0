/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.SampleVote;
import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.jury.Jury;

class GroupMachineTest {

    @Test
    void judgesAsSoonAsAllMembersAreThereAndClosesWithTheLastCritique() {
        // Given
        var world = new World(Given.rules());
        world.rollout(Given.rollout(1, 2));
        assertThat(world.asked).isEmpty();

        // When
        world.rollout(Given.rollout(0, 2));
        assertThat(world.plan().responses()).containsExactly(0, 1);
        for (int sample = 0; sample < 4; sample++) {
            assertThat(world.rewards).isEmpty();
            world.now++;
            world.critique(Given.critique(Given.GROUP, 0, sample, List.of(0, 1))
                    .setScores(List.of(new MemberScore(1, 6 + sample % 2), new MemberScore(0, 5)))
                    .setPromptTokens(10L)
                    .setCompletionTokens(3L)
                    .build());
        }

        // Then
        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
        assertThat(reward.getReason()).isNull();
        assertThat(reward.getStopReason()).isEqualTo("ALL_SAMPLES");
        assertThat(reward.getMembers())
                .extracting(
                        MemberReward::getIndex,
                        MemberReward::getStatus,
                        MemberReward::getReward,
                        MemberReward::getScoreSum,
                        MemberReward::getKeptVotes)
                .containsExactly(
                        tuple(0, MemberStatus.SCORED, 5.0, 20L, 4), tuple(1, MemberStatus.SCORED, 6.5, 26L, 4));
        assertThat(reward.getBest()).isEqualTo(1);
        assertThat(reward.getTiedTop()).isFalse();
        assertThat(reward.getHinted()).isFalse();
        assertThat(reward.getVotes()).hasSize(4);
        assertThat(reward.getModels()).containsExactly("test:model@1");
        assertThat(reward.getPromptTokens()).isEqualTo(40);
        assertThat(reward.getCompletionTokens()).isEqualTo(12);
        assertThat(reward.getSamplesRequested()).isEqualTo(4);
        assertThat(reward.getSamplesReceived()).isEqualTo(4);
        assertThat(reward.getSamplesValid()).isEqualTo(4);
        assertThat(reward.getOpenedMs()).isEqualTo(1_000_000);
        assertThat(reward.getClosedMs()).isEqualTo(1_000_004);
    }

    @ParameterizedTest
    @CsvSource({"1,8,1", "36,8,5", "64,8,8", "64,64,1", "64,1,64"})
    void judgesGroupsOfAnySize(int size, int panelSize, int panels) {
        var world = new World(Given.rules(4, null, panelSize, 1, 1));

        for (int index = size - 1; index >= 0; index--) {
            world.rollout(Given.rollout(index, size));
        }
        world.answerAll(7);

        assertThat(world.plan().panels()).isEqualTo(panels);
        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
        assertThat(reward.getMembers()).hasSize(size).allSatisfy(member -> {
            assertThat(member.getReward()).isEqualTo(7.0);
            assertThat(member.getKeptVotes()).isEqualTo(4);
        });
        assertThat(reward.getTiedTop()).isEqualTo(size > 1);
        assertThat(reward.getBest()).isZero();
        assertThat(reward.getVotes()).hasSize(4 * panels);
    }

    @Test
    void judgesEqualResponsesOnceAndTheyShareTheScoreWithoutATie() {
        // Given
        var world = new World(Given.rules());
        world.rollout(Given.rollout(Given.GROUP, 2, 3, "four"));
        world.rollout(Given.rollout(Given.GROUP, 0, 3, "five"));
        world.rollout(Given.rollout(Given.GROUP, 1, 3, "four"));

        // When
        assertThat(world.plan().responses()).containsExactly(0, 1);
        for (int sample = 0; sample < 4; sample++) {
            world.critique(Given.critique(Given.GROUP, 0, sample, List.of(0, 1))
                    .setScores(List.of(new MemberScore(0, 2), new MemberScore(1, 9)))
                    .build());
        }

        // Then
        GroupReward reward = world.reward();
        assertThat(reward.getMembers())
                .extracting(MemberReward::getReward, MemberReward::getJudgedAs)
                .containsExactly(tuple(2.0, null), tuple(9.0, null), tuple(9.0, 1));
        assertThat(reward.getBest()).isEqualTo(1);
        assertThat(reward.getTiedTop()).isFalse();
    }

    @Test
    void judgesAGroupOfEqualResponses() {
        var world = new World(Given.rules());
        for (int index = 0; index < 3; index++) {
            world.rollout(Given.rollout(Given.GROUP, index, 3, ""));
        }
        world.answerAll(3);

        assertThat(world.plan().responses()).containsExactly(0);
        assertThat(world.reward().getMembers())
                .extracting(MemberReward::getReward)
                .containsExactly(3.0, 3.0, 3.0);
    }

    @Test
    void keepsTheSamplesThatTheMetaRmPrefers() {
        // Given
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(1, 2));
        int[][] scores = {{1, 5}, {5, 6}, {4, 8}, {7, 6}};
        double[] logits = {2, -1, 1, -2};

        // When
        for (int sample = 3; sample >= 0; sample--) {
            world.critique(Given.critique(Given.GROUP, 0, sample, List.of(0, 1))
                    .setScores(List.of(new MemberScore(0, scores[sample][0]), new MemberScore(1, scores[sample][1])))
                    .setMetaLogit(logits[sample])
                    .setMetaModel("meta")
                    .build());
        }

        // Then
        GroupReward reward = world.reward();
        assertThat(reward.getMembers()).extracting(MemberReward::getScoreSum).containsExactly(5L, 13L);
        assertThat(reward.getVotes())
                .extracting(
                        SampleVote::getSample,
                        vote -> vote.getScores().getFirst().getKept())
                .containsExactly(tuple(0, true), tuple(1, false), tuple(2, true), tuple(3, false));
        assertThat(reward.getMetaModels()).containsExactly("meta");
    }

    @Test
    void judgesWhatIsThereWhenTheCollectionDeadlinePasses() {
        var world = new World(Given.rules(4, null, 8, 2, 1));
        world.rollout(Given.rollout(0, 4));
        world.rollout(Given.rollout(3, 4));

        world.wake();
        assertThat(world.now).isEqualTo(1_060_000);
        world.answerAll(5);

        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getReason()).isEqualTo("MEMBERS_MISSING");
        assertThat(reward.getDetail()).contains("1, 2");
        assertThat(reward.getMembers())
                .extracting(MemberReward::getStatus)
                .containsExactly(MemberStatus.SCORED, MemberStatus.MISSING, MemberStatus.MISSING, MemberStatus.SCORED);
    }

    @Test
    void endsWithoutJudgementWhenTooFewResponsesArrive() {
        var world = new World(Given.rules(4, null, 8, 3, 1));
        world.rollout(Given.rollout(0, 4).setPolicyVersion(17L));
        world.rollout(Given.rollout(3, 4));

        world.wake();

        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.TIMEOUT);
        assertThat(reward.getReason()).isEqualTo("TOO_FEW_RESPONSES");
        assertThat(reward.getStopReason()).isEqualTo("COLLECTION_DEADLINE");
        assertThat(reward.getMembers())
                .extracting(MemberReward::getStatus)
                .containsExactly(
                        MemberStatus.UNSCORED, MemberStatus.MISSING, MemberStatus.MISSING, MemberStatus.UNSCORED);
        assertThat(reward.getMembers()).extracting(MemberReward::getReward).containsOnlyNulls();
        assertThat(reward.getPolicyVersion()).isEqualTo(17);
        assertThat(reward.getJudgingMs()).isNull();
        assertThat(world.asked).isEmpty();
    }

    @Test
    void votesWithWhatIsValidWhenTheEvaluationDeadlinePasses() {
        var world = new World(Given.rules(4, null, 1, 1, 2));
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(1, 2));
        world.critique(Given.ok(Given.GROUP, 0, 1, List.of(0), 8));
        world.critique(Given.ok(Given.GROUP, 0, 3, List.of(0), 7));
        world.critique(Given.ok(Given.GROUP, 1, 0, List.of(1), 9));
        world.critique(Given.failed(Given.GROUP, 1, 1, List.of(1), "JUDGE_ERROR"));

        world.wake();

        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getReason()).isEqualTo("MEMBERS_UNSCORED");
        assertThat(reward.getStopReason()).isEqualTo("EVALUATION_DEADLINE");
        assertThat(reward.getDetail()).contains("1 FAILED JUDGE_ERROR").contains("4 UNANSWERED");
        assertThat(reward.getMembers())
                .extracting(MemberReward::getStatus, MemberReward::getReward, MemberReward::getValidVotes)
                .containsExactly(tuple(MemberStatus.SCORED, 7.5, 2), tuple(MemberStatus.UNSCORED, null, 1));
        assertThat(reward.getBest())
                .as("a member without a reward is not the best")
                .isZero();
        assertThat(reward.getVotes())
                .extracting(SampleVote::getStatus)
                .containsExactly("UNANSWERED", "OK", "OK", "FAILED", "UNANSWERED", "UNANSWERED", "OK", "UNANSWERED");
        assertThat(reward.getSamplesReceived()).isEqualTo(4);
        assertThat(reward.getSamplesValid()).isEqualTo(3);
    }

    @Test
    void timesOutWhenNobodyAnswers() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 1));

        world.wake();

        assertThat(world.now).isEqualTo(1_120_000);
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.TIMEOUT);
        assertThat(world.reward().getReason()).isEqualTo("TOO_FEW_VOTES");
        assertThat(world.reward().getDetail()).contains("4 UNANSWERED");
    }

    @Test
    void failsWhenTheJudgesAnswerButGiveNoScores() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 1));
        for (int sample = 0; sample < 4; sample++) {
            world.critique(Given.failed(Given.GROUP, 0, sample, List.of(0), sample < 3 ? "JUDGE_TIMEOUT" : "DEADLINE"));
        }

        GroupReward reward = world.reward();
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.FAILED);
        assertThat(reward.getReason()).isEqualTo("TOO_FEW_VOTES");
        assertThat(reward.getDetail()).contains("3 FAILED JUDGE_TIMEOUT").contains("1 FAILED DEADLINE");
        assertThat(reward.getBest()).isNull();
        assertThat(reward.getModels()).isEmpty();
    }

    @Test
    void doesNotWaitForAMemberThatWasRejected() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(Given.GROUP, 0, 3, "x".repeat(1001)));
        world.rollout(Given.rollout(1, 3));
        world.rollout(Given.rollout(2, 3));
        world.answerAll(5);

        GroupReward reward = world.reward();
        assertThat(world.discarded).containsExactly("RESPONSE_TOO_LONG");
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getReason()).isEqualTo("MEMBERS_REJECTED");
        assertThat(reward.getMembers())
                .extracting(MemberReward::getStatus, MemberReward::getReason)
                .containsExactly(
                        tuple(MemberStatus.REJECTED, "RESPONSE_TOO_LONG"),
                        tuple(MemberStatus.SCORED, null),
                        tuple(MemberStatus.SCORED, null));
    }

    @Test
    void failsAtOnceWhenAllMembersAreRejected() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2).setK(65));
        world.rollout(Given.rollout(1, 2).setMessages(List.of()));

        GroupReward reward = world.reward();
        assertThat(world.discarded).containsExactly("K_OUT_OF_RANGE", "NO_MESSAGES");
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.FAILED);
        assertThat(reward.getReason()).isEqualTo("MEMBERS_REJECTED");
        assertThat(reward.getStopReason()).isEqualTo("NOTHING_TO_JUDGE");
    }

    @Test
    void readsOverridesFromTheFirstMemberThatCanBeUsed() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 3).setK(2).setPanelSize(1).setKMeta(0).setDeadlineMs(1_000_500L));
        world.rollout(Given.rollout(1, 3).setK(7).setDeadlineMs(5_000_000L));
        world.rollout(Given.rollout(2, 3));

        assertThat(world.plan().critiques()).isEqualTo(6);
        assertThat(world.askedDeadlines).containsExactly(1_000_500L);
        world.answerAll(4);
        assertThat(world.reward().getK()).isEqualTo(2);
        assertThat(world.reward().getKMeta()).isZero();
        assertThat(world.reward().getPanelSize()).isOne();
    }

    @Test
    void tellsTheJudgesWhatTheFirstMemberSaysAboutTheBest() {
        // Given: members 1 and 3 are equal, so that 3 is judged in the name of 1
        var world = new World(Given.rules());

        // When
        world.rollout(Given.rollout(0, 4).setHint(3));
        world.rollout(Given.rollout(1, 4).setResponse("same").setHint(0));
        world.rollout(Given.rollout(2, 4));
        world.rollout(Given.rollout(3, 4).setResponse("same"));
        world.answerAll(5);

        // Then
        assertThat(world.hints).containsExactly(new Hint(1, null));
        assertThat(world.discarded).isEmpty();
        assertThat(world.reward().getHinted()).isTrue();
    }

    @Test
    void tellsTheRightScoreOfAGroupOfOne() {
        var world = new World(Given.rules());

        world.rollout(Given.rollout(0, 1).setHint(9));
        world.answerAll(9);

        assertThat(world.hints).containsExactly(new Hint(null, 9));
        assertThat(world.reward().getHinted()).isTrue();
    }

    @Test
    void tellsNothingOfABestResponseThatIsMissing() {
        var world = new World(Given.rules());

        world.rollout(Given.rollout(0, 3).setHint(2));
        world.rollout(Given.rollout(1, 3));
        world.wake();
        world.answerAll(5);

        assertThat(world.hints).containsExactly(Hint.NONE);
        assertThat(world.reward().getHinted())
                .as("it was meant for training data all the same")
                .isTrue();
    }

    @Test
    void firesADeadlineThatHasPassedOnArrivalAtOnce() {
        var world = new World(Given.rules());

        world.rollout(Given.rollout(0, 2).setDeadlineMs(999_999L));

        assertThat(world.asked).isEmpty();
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.TIMEOUT);
        assertThat(world.reward().getReason()).isEqualTo("TOO_FEW_VOTES");
        assertThat(world.reward().getDetail()).contains("deadline_ms").contains("missing members: 1");
    }

    @Test
    void saysSoWhenTheLastCritiqueIsCountedAfterTheDeadline() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 1));

        // What came in time while no instance ran is read later than that.
        world.now = ((GroupState.Judging) world.state).deadlineMs() + 1;
        world.answerAll(7);

        assertThat(world.reward().getStatus()).isNotEqualTo(GroupStatus.FAILED);
        assertThat(world.reward().getStopReason()).isEqualTo("EVALUATION_DEADLINE");
    }

    @Test
    void leavesHalfOfTheWishedTimeToTheJudges() {
        // Given: a deadline long before the collection would be over, and a member that does not come
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2).setDeadlineMs(world.now + 1_000));
        assertThat(world.state.wakeMs()).isEqualTo(world.now + 500);

        // When
        world.wake();
        world.answerAll(7);

        // Then
        assertThat(world.askedDeadlines).containsExactly(1_001_000L);
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(world.reward().getMembers().getFirst().getReward()).isEqualTo(7.0);
    }

    @Test
    void ignoresATimerThatRingsTooEarly() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2));
        GroupState before = world.state;

        world.event(new Event.DeadlinePassed(), null);

        assertThat(world.state).isEqualTo(before);
        assertThat(world.rewards).isEmpty();
    }

    @Test
    void countsDuplicatesAndKeepsTheFirst() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(Given.GROUP, 0, 2, "other"));
        world.rollout(Given.rollout(1, 2));
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(Given.GROUP, 1, 2, "other"));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 1), 9));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 1), 1));
        world.answerAll(9);
        world.rollout(Given.rollout(1, 2));
        world.critique(Given.ok(Given.GROUP, 0, 2, List.of(0, 1), 1));

        assertThat(world.reward().getMembers())
                .extracting(MemberReward::getReward)
                .containsOnly(9.0);
        assertThat(world.discarded).containsExactly("CONFLICTING_DUPLICATE", "CONFLICTING_DUPLICATE");
        assertThat(world.counted)
                .containsExactly(
                        Counted.ROLLOUT_DUPLICATE,
                        Counted.ROLLOUT_DUPLICATE,
                        Counted.CRITIQUE_DUPLICATE,
                        Counted.CRITIQUE_DUPLICATE,
                        Counted.ROLLOUT_DUPLICATE,
                        Counted.CRITIQUE_LATE);
    }

    @Test
    void tellsARejectedMemberThatComesTwiceFromOneThatComesMended() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2).setK(0));
        world.rollout(Given.rollout(0, 2).setK(0));
        world.rollout(Given.rollout(0, 2));

        assertThat(world.discarded).containsExactly("K_OUT_OF_RANGE", "CONFLICTING_DUPLICATE");
        assertThat(world.counted).containsExactly(Counted.ROLLOUT_DUPLICATE);
    }

    @Test
    void discardsWhatContradictsTheFirstMember() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 2));
        world.rollout(Given.rollout(1, 3));
        world.rollout(Given.rollout(1, 2).setMessages(List.of(new Message("user", "What is 2 + 3?"))));
        assertThat(world.asked).isEmpty();
        world.rollout(Given.rollout(1, 2));
        world.answerAll(4);

        assertThat(world.discarded).containsExactly("GROUP_SIZE_CONTRADICTS", "MESSAGES_CONTRADICT");
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.OK);
    }

    @Test
    void discardsAMemberThatComesAfterTheCollectionDeadline() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 3));
        world.wake();
        world.rollout(Given.rollout(1, 3));
        world.answerAll(4);
        world.rollout(Given.rollout(2, 3));

        assertThat(world.discarded).containsExactly("LATE", "LATE");
        assertThat(world.counted).containsExactly(Counted.ROLLOUT_LATE, Counted.ROLLOUT_LATE);
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.PARTIAL);
    }

    @Test
    void discardsCritiquesThatNobodyAskedFor() {
        var world = new World(Given.rules());
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0), 9));
        world.rollout(Given.rollout(0, 2));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0), 9));
        world.rollout(Given.rollout(1, 2));
        world.critique(Given.ok(Given.GROUP, 1, 0, List.of(0, 1), 9));
        world.critique(Given.ok(Given.GROUP, 0, 4, List.of(0, 1), 9));
        world.critique(Given.ok(Given.GROUP, 0, -1, List.of(0, 1), 9));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0), 9));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 1, 1), 9));
        world.critique(Given.ok(Given.GROUP, 0, 0, List.of(0, 2), 9));

        assertThat(world.discarded)
                .containsExactly(
                        "UNKNOWN_GROUP",
                        "UNKNOWN_SAMPLE",
                        "UNKNOWN_SAMPLE",
                        "UNKNOWN_SAMPLE",
                        "UNKNOWN_SAMPLE",
                        "SCORES_MISMATCH",
                        "SCORES_MISMATCH",
                        "SCORES_MISMATCH");
        assertThat(world.samples).isEmpty();
    }

    @Test
    void aDeadlineBefore1970HasPassedLikeAnyOther() {
        var world = new World(Given.rules(2, null, 8, 1, 1));
        world.rollout(Given.rollout(0, 2).setDeadlineMs(-1L));

        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.TIMEOUT);
        assertThat(new RolloutCheck(world.rules)
                        .check(
                                Given.GROUP.key(),
                                Given.rollout(0, 2).setDeadlineMs(-1L).build()))
                .isInstanceOfSatisfying(
                        Checked.Known.class,
                        known -> assertThat(((Event.RolloutArrived) known.event())
                                        .arrival()
                                        .deadlineMs())
                                .isZero());
    }

    @Test
    void refusesToAskForMoreThanARequestMayHold() {
        Rules rules = Given.rules();
        var tight = new Rules(
                4,
                null,
                8,
                8,
                1,
                1,
                60_000,
                120_000,
                3_600_000,
                rules.adaptive(),
                Jury.NONE,
                new Rules.Limits(1024, 64, 1000, 2000, 2500, 64 << 20),
                rules.book());
        assertThat(rules.limits().requestBytes()).isGreaterThan(tight.limits().requestBytes());
        var world = new World(tight);
        for (int index = 0; index < 4; index++) {
            world.rollout(Given.rollout(Given.GROUP, index, 4, index + "x".repeat(900)));
        }

        assertThat(world.asked).isEmpty();
        assertThat(world.reward().getStatus()).isEqualTo(GroupStatus.FAILED);
        assertThat(world.reward().getReason()).isEqualTo("REQUEST_TOO_LARGE");
        assertThat(world.reward().getMembers())
                .extracting(MemberReward::getReason)
                .containsOnly("REQUEST_TOO_LARGE");
    }

    @Test
    void forgetsAClosedGroupWhenItsTimeIsUp() {
        var world = new World(Given.rules());
        world.rollout(Given.rollout(0, 1));
        world.answerAll(4);
        assertThat(world.state).isInstanceOf(GroupState.Closed.class);

        world.wake();

        assertThat(world.now).isEqualTo(1_000_000 + 3_600_000);
        assertThat(world.state).isInstanceOf(GroupState.Absent.class);
    }
}
