/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import static dev.kritik.ops.audit.invariant.Invariant.I1;
import static dev.kritik.ops.audit.invariant.Invariant.I2;
import static dev.kritik.ops.audit.invariant.Invariant.I3;
import static dev.kritik.ops.audit.invariant.Invariant.I4;
import static dev.kritik.ops.audit.invariant.Invariant.I5;
import static dev.kritik.ops.audit.invariant.Invariant.I6;
import static dev.kritik.ops.audit.invariant.Invariant.I7;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.kritik.ops.audit.invariant.World.Headers;
import dev.kritik.ops.audit.invariant.World.Rec;
import dev.kritik.schema.CountedScore;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Juror;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.SampleVote;

/** Each fault is found, by the invariant that it breaks and by no other. */
class PlantedFaultsTest {

    private static final World EVENTFUL = Worlds.eventful();
    private static final World JURY = Worlds.jury();

    private static Arguments fault(Invariant broken, String name, Consumer<World> tampering) {
        return Arguments.of(name, broken, tampering);
    }

    private static Consumer<World> reward(String group, UnaryOperator<GroupReward.Builder> change) {
        return world -> {
            Rec<GroupReward> record = world.reward(group);
            record.value = change.apply(GroupReward.newBuilder(record.value)).build();
        };
    }

    private static Consumer<World> member(String group, int index, UnaryOperator<MemberReward.Builder> change) {
        return reward(group, record -> {
            List<MemberReward> members = new ArrayList<>(record.getMembers());
            members.set(
                    index,
                    change.apply(MemberReward.newBuilder(members.get(index))).build());
            return record.setMembers(members);
        });
    }

    private static Consumer<World> vote(String group, int at, UnaryOperator<SampleVote.Builder> change) {
        return reward(group, record -> {
            List<SampleVote> votes = new ArrayList<>(record.getVotes());
            votes.set(at, change.apply(SampleVote.newBuilder(votes.get(at))).build());
            return record.setVotes(votes);
        });
    }

    private static Consumer<World> counted(String group, int at, UnaryOperator<CountedScore.Builder> change) {
        return vote(group, at, vote -> {
            List<CountedScore> scores = new ArrayList<>(vote.getScores());
            scores.set(
                    0, change.apply(CountedScore.newBuilder(scores.getFirst())).build());
            return vote.setScores(scores);
        });
    }

    private static Consumer<World> juror(UnaryOperator<Juror.Builder> change) {
        return reward("jury-3", record -> {
            List<Juror> jury = new ArrayList<>(record.getJury());
            jury.set(0, change.apply(Juror.newBuilder(jury.getFirst())).build());
            return record.setJury(jury);
        });
    }

    private static Consumer<World> critique(String group, int at, UnaryOperator<Critique.Builder> change) {
        return world -> {
            Rec<Critique> record = world.critiques(group).get(at);
            record.value = change.apply(Critique.newBuilder(record.value)).build();
        };
    }

    private static Consumer<World> request(String group, UnaryOperator<CritiqueRequest.Builder> change) {
        return world -> {
            Rec<CritiqueRequest> record = world.requests(group).getFirst();
            record.value =
                    change.apply(CritiqueRequest.newBuilder(record.value)).build();
        };
    }

    private static Consumer<World> withoutLetter(String reason) {
        return world -> assertThat(
                        world.letters.removeIf(record -> record.value.reason().equals(reason)))
                .isTrue();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(I1, "a lost reward", world -> world.rewards.remove(world.reward("plain"))),
                fault(
                        I1,
                        "a lost rollout",
                        world -> world.rollouts.remove(world.rollouts("plain").get(2))),
                fault(I1, "a member that the application lost", world -> {
                    world.send(20_000, Worlds.member("lost", 0, 2).build());
                    world.sendPastTheApplication(
                            20_001, Worlds.member("lost", 1, 2).build());
                    world.run();
                }),
                fault(I1, "a group that the application lost", world -> {
                    world.sendPastTheApplication(
                            20_000, Worlds.member("lost", 0, 1).build());
                    world.run();
                }),
                fault(I1, "no dead letter of garbage", withoutLetter("NOT_FRAMED")),
                fault(I1, "no dead letter of an index out of range", withoutLetter("INDEX_OUT_OF_RANGE")),
                fault(I1, "no dead letter of a member that is rejected", withoutLetter("K_OUT_OF_RANGE")),
                fault(I1, "no dead letter of a late member", withoutLetter("LATE")),
                fault(I1, "no dead letter of a contradiction", withoutLetter("CONFLICTING_DUPLICATE")),
                fault(I1, "no dead letter of another group size", withoutLetter("GROUP_SIZE_CONTRADICTS")),
                fault(
                        I1,
                        "a rejected member with another reason",
                        member("rejected", 0, member -> member.setReason("RESPONSE_TOO_LONG"))),
                fault(I1, "a first member put aside as a repetition", world -> {
                    Rec<Headers> letter = world.letters.stream()
                            .filter(record -> record.value.reason().equals("LATE"))
                            .findFirst()
                            .orElseThrow();
                    letter.value = new Headers(letter.value.source(), "CONFLICTING_DUPLICATE");
                }),
                fault(
                        I2,
                        "a doubled reward",
                        world -> world.append(
                                world.rewards, world.reward("plain").copy())),
                fault(I2, "a doubled reward on another partition", world -> {
                    Rec<GroupReward> copy = world.reward("plain").copy();
                    copy.partition = 1 - copy.partition;
                    world.append(world.rewards, copy);
                }),
                fault(I2, "a second reward with another outcome", world -> {
                    Rec<GroupReward> copy = world.reward("plain").copy();
                    copy.value = GroupReward.newBuilder(copy.value)
                            .setStatus(GroupStatus.TIMEOUT)
                            .setMembers(List.of())
                            .build();
                    world.append(world.rewards, copy);
                }),
                fault(
                        I2,
                        "a doubled dead letter",
                        world -> world.append(
                                world.letters, world.letters.getFirst().copy())),
                fault(I2, "a member twice", reward("plain", record -> {
                    List<MemberReward> members = new ArrayList<>(record.getMembers());
                    members.add(members.getLast());
                    return record.setMembers(members);
                })),
                fault(
                        I3,
                        "a rollout that the ledger does not know",
                        world -> world.ledger.removeIf(send -> send.rollout() != null
                                && send.rollout().group().equals("plain")
                                && send.rollout().index() == 1)),
                fault(
                        I3,
                        "a rollout that is another than was sent",
                        world -> world.rollouts("plain").get(1).bytes = new byte[] {1}),
                fault(
                        I3,
                        "a rollout that was sent once and stands there twice",
                        world -> world.append(
                                world.rollouts, world.rollouts("plain").get(1).copy())),
                fault(
                        I3,
                        "garbage that the ledger does not know",
                        world -> world.ledger.removeIf(send -> "NOT_FRAMED".equals(send.why()))),
                fault(I3, "a reward of nobody", world -> {
                    Rec<GroupReward> copy = world.reward("plain").copy();
                    copy.key = "job/nobody".getBytes(UTF_8);
                    copy.value = GroupReward.newBuilder(copy.value)
                            .setGroupId("nobody")
                            .build();
                    world.append(world.rewards, copy);
                }),
                fault(I3, "a request of nobody", world -> {
                    Rec<CritiqueRequest> copy =
                            world.requests("plain").getFirst().copy();
                    copy.value = CritiqueRequest.newBuilder(copy.value)
                            .setGroupAttempt(1)
                            .build();
                    world.append(world.requests, copy);
                }),
                fault(I3, "a critique of nobody", world -> {
                    Rec<Critique> copy = world.critiques("plain").getFirst().copy();
                    copy.value =
                            Critique.newBuilder(copy.value).setGroupAttempt(1).build();
                    world.append(world.critiques, copy);
                }),
                fault(I3, "a critique that nobody asked for", world -> {
                    Rec<Critique> copy = world.critiques("plain").getFirst().copy();
                    copy.value = Critique.newBuilder(copy.value).setSample(9).build();
                    world.append(world.critiques, copy);
                }),
                fault(I3, "a dead letter of nothing", world -> {
                    Rec<Headers> copy = world.letters.getFirst().copy();
                    copy.value = new Headers(new Place(Place.Flow.ROLLOUTS, 0, 999), "LATE");
                    world.append(world.letters, copy);
                }),
                fault(
                        I3,
                        "a member that did not come in time and is not missing",
                        member(
                                "missing",
                                1,
                                member ->
                                        member.setStatus(MemberStatus.UNSCORED).setReason("TOO_FEW_VOTES"))),
                fault(I4, "a late record that claims to be OK", world -> {
                    reward("plain", record -> record.setClosedMs(record.getClosedMs() + 60_000))
                            .accept(world);
                    world.reward("plain").timeMs += 60_000;
                }),
                fault(I4, "a record that was written late", world -> world.reward("plain").timeMs += 60_000),
                // By the application's own limit it would still be in time.
                fault(
                        I4,
                        "a wished deadline that was missed",
                        reward("in-time", record -> record.setClosedMs(World.START + 7_800))),
                fault(
                        I4,
                        "an evaluation deadline that had not come",
                        reward("silent", record -> record.setClosedMs(record.getJudgingMs() + 10))),
                fault(
                        I4,
                        "a collection deadline that had not come",
                        reward("past", record -> record.setClosedMs(World.START - 800))),
                fault(I5, "rewards swapped between members", world -> {
                    MemberReward first =
                            world.reward("plain").value.getMembers().get(0);
                    MemberReward second =
                            world.reward("plain").value.getMembers().get(1);
                    assertThat(first.getReward()).isNotEqualTo(second.getReward());
                    member("plain", 0, member -> member.setReward(second.getReward()))
                            .accept(world);
                    member("plain", 1, member -> member.setReward(first.getReward()))
                            .accept(world);
                }),
                fault(I5, "members swapped with all that they have", world -> {
                    List<MemberReward> members =
                            new ArrayList<>(world.reward("plain").value.getMembers());
                    MemberReward first =
                            MemberReward.newBuilder(members.get(1)).setIndex(0).build();
                    members.set(
                            1,
                            MemberReward.newBuilder(members.get(0)).setIndex(1).build());
                    members.set(0, first);
                    reward("plain", record -> record.setMembers(members)).accept(world);
                }),
                fault(I5, "groups swapped", world -> {
                    Rec<GroupReward> one = world.reward("plain");
                    Rec<GroupReward> other = world.reward("second");
                    GroupReward before = one.value;
                    one.value = GroupReward.newBuilder(other.value)
                            .setGroupId("plain")
                            .build();
                    other.value =
                            GroupReward.newBuilder(before).setGroupId("second").build();
                }),
                fault(I5, "a wrong sum", member("plain", 0, member -> member.setScoreSum(member.getScoreSum() + 1))),
                fault(I5, "a wrong mean", member("plain", 3, member -> member.setReward(member.getReward() * 0.999))),
                fault(I5, "a wrong count of kept votes", member("plain", 0, member -> member.setKeptVotes(3))),
                fault(I5, "a wrong count of valid votes", member("plain", 0, member -> member.setValidVotes(5))),
                fault(I5, "a wrong spread", member("plain", 0, member -> member.setSpread(0.123))),
                fault(
                        I5,
                        "a status that is too bad",
                        reward(
                                "plain",
                                record -> record.setStatus(GroupStatus.PARTIAL).setReason("MEMBERS_UNSCORED"))),
                fault(
                        I5,
                        "a status that is too good",
                        reward(
                                "missing",
                                record -> record.setStatus(GroupStatus.OK).setReason(null))),
                fault(
                        I5,
                        "a failure that is no time-out",
                        reward("invalid", record -> record.setStatus(GroupStatus.TIMEOUT))),
                fault(
                        I5,
                        "a failed judgement that became a number",
                        member("invalid", 0, member -> member.setReward(0.0))),
                fault(I5, "no reason", reward("silent", record -> record.setReason(null))),
                fault(I5, "another best", reward("plain", record -> record.setBest((record.getBest() + 1) % 4))),
                fault(I5, "a tie that is none", reward("plain", record -> record.setTiedTop(!record.getTiedTop()))),
                fault(I5, "a score of a vote", counted("plain", 0, score -> score.setScore(11 - score.getScore()))),
                fault(I5, "a vote that counts and is not kept", counted("plain", 1, score -> score.setKept(false))),
                fault(I5, "a logit of a vote", vote("meta", 0, vote -> vote.setMetaLogit(-9.0))),
                fault(I5, "a vote with another status", vote("invalid", 0, vote -> vote.setStatus("FAILED"))),
                fault(
                        I5,
                        "a vote that no critique backs",
                        world -> world.critiques.remove(world.critiques("plain").get(1))),
                fault(
                        I5,
                        "a critique with other scores",
                        critique(
                                "plain",
                                0,
                                critique -> critique.setRawText(null)
                                        .setScores(critique.getScores().stream()
                                                .map(score -> new MemberScore(score.getIndex(), 11 - score.getScore()))
                                                .toList()))),
                fault(I5, "the second critique of a sample counted, not the first", world -> {
                    Rec<Critique> copy = world.critiques("twice").getFirst().copy();
                    copy.offset = -1;
                    copy.value = Critique.newBuilder(copy.value)
                            .setStatus(CritiqueStatus.INVALID)
                            .setScores(List.of())
                            .build();
                    world.critiques.add(copy);
                }),
                fault(I5, "scores by place, not by index", world -> {
                    for (int at = 0; at < 4; at++) {
                        Rec<Critique> record = world.critiques("plain").get(at);
                        List<Integer> order = new ArrayList<>(record.value.getOrder());
                        if (!order.equals(List.of(0, 1, 2, 3))) {
                            record.value = Critique.newBuilder(record.value)
                                    .setRawText("\\boxed{"
                                            + String.join(
                                                    ", ",
                                                    record.value.getScores().stream()
                                                            .map(score -> Integer.toString(score.getScore()))
                                                            .toList())
                                            + "}")
                                    .build();
                        }
                    }
                }),
                fault(I5, "shown in another order than asked for", critique("plain", 2, critique -> {
                    List<Integer> order = new ArrayList<>(critique.getOrder());
                    Collections.reverse(order);
                    return critique.setOrder(order).setRawText(null);
                })),
                fault(I5, "tokens", reward("plain", record -> record.setPromptTokens(1))),
                fault(
                        I5,
                        "judged in the name of another response",
                        member("plain", 1, member -> member.setJudgedAs(0))),
                fault(
                        I5,
                        "a reward for a member by a rule out of range",
                        member("ruled", 1, member -> member.setReward(0.5))),
                fault(I6, "a group on two partitions", world -> {
                    Rec<Rollout> record = world.rollouts("plain").getFirst();
                    int before = record.partition;
                    long offset = record.offset;
                    world.rollouts.remove(record);
                    record.partition = 1 - before;
                    world.append(world.rollouts, record);
                    world.ledger.replaceAll(send -> send.partition() == before && send.offset() == offset
                            ? send.acknowledged(send.answeredMs(), record.partition, record.offset)
                            : send);
                }),
                fault(
                        I6,
                        "a critique on another partition",
                        world -> world.critiques("plain").getFirst().partition ^= 1),
                fault(
                        I6,
                        "a critique under another key",
                        world -> world.critiques("plain").getFirst().key = "job/other".getBytes(UTF_8)),
                fault(
                        I6,
                        "a request that sends elsewhere",
                        request("plain", request -> request.setPartition(1 - request.getPartition()))),
                fault(I6, "a request that shows a response of another group", request("plain", request -> {
                    List<PanelResponse> responses = new ArrayList<>(request.getResponses());
                    responses.set(2, new PanelResponse(2, "Response of another group"));
                    return request.setResponses(responses);
                })),
                fault(I6, "another group size", reward("plain", record -> record.setGroupSize(5))),
                fault(
                        I6,
                        "a reward under another key",
                        world -> world.reward("plain").key = "job/second".getBytes(UTF_8)),
                fault(
                        I7,
                        "a request that is not there",
                        world -> world.requests.remove(world.requests("plain").getFirst())),
                fault(
                        I7,
                        "samples asked for twice",
                        world -> world.append(
                                world.requests,
                                world.requests("plain").getFirst().copy())),
                fault(I7, "a request that the record does not know", world -> {
                    Rec<CritiqueRequest> copy =
                            world.requests("plain").getFirst().copy();
                    copy.value = CritiqueRequest.newBuilder(copy.value)
                            .setSamples(copy.value.getSamples().stream()
                                    .map(sample -> SampleSpec.newBuilder(sample)
                                            .setSample(sample.getSample() + 4)
                                            .build())
                                    .toList())
                            .build();
                    world.append(world.requests, copy);
                }),
                fault(I7, "samples requested", reward("plain", record -> record.setSamplesRequested(5))),
                fault(I7, "samples received", reward("plain", record -> record.setSamplesReceived(3))),
                fault(I7, "samples valid", reward("plain", record -> record.setSamplesValid(3))),
                fault(I7, "samples spent", reward("plain", record -> record.setSamplesSpent(3))),
                fault(
                        I7,
                        "a request never answered, and no deadline",
                        reward("half-silent", record -> record.setStopReason("ALL_SAMPLES"))),
                fault(
                        I7,
                        "decided without all answers",
                        reward("half-silent", record -> record.setStopReason("DECIDED"))),
                fault(I7, "a critique passed over", world -> {
                    Rec<Critique> copy =
                            world.critiques("half-silent").getFirst().copy();
                    copy.offset = -1;
                    copy.value = Critique.newBuilder(copy.value)
                            .setSample(1)
                            .setOrder(world.requests("half-silent")
                                    .getFirst()
                                    .value
                                    .getSamples()
                                    .get(1)
                                    .getOrder())
                            .setRawText(null)
                            .build();
                    world.critiques.add(copy);
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aPlantedFaultIsFound(String name, Invariant broken, Consumer<World> tampering) {
        // Given
        World world = EVENTFUL.copy();
        // When
        tampering.accept(world);
        // Then
        assertThat(world.verdict(world.terms()).findings().violations())
                .as(name)
                .isNotEmpty()
                .extracting(Violation::invariant)
                .containsOnly(broken);
    }

    static Stream<Arguments> faultsOfAJury() {
        return Stream.of(
                fault(I5, "a weight", juror(juror -> juror.setWeight(juror.getWeight() + 0.5))),
                fault(I5, "a factor", juror(juror -> juror.setFactor(juror.getFactor() * 1.5))),
                fault(I5, "an offset", juror(juror -> juror.setOffset(juror.getOffset() - 0.5))),
                fault(I5, "how often a judge was asked", juror(juror -> juror.setAsked(juror.getAsked() + 1))),
                fault(I5, "how many votes a judge gave", juror(juror -> juror.setValid(juror.getValid() + 1))),
                fault(I5, "a value", counted("jury-3", 0, score -> score.setValue(10.5 - score.getValue()))),
                fault(I5, "no value", counted("jury-3", 0, score -> score.setValue(null))),
                fault(
                        I5,
                        "another judge",
                        vote("jury-3", 0, vote -> vote.setJudge("c".equals(vote.getJudge()) ? "b" : "c"))),
                fault(
                        I5,
                        "a mean without weights",
                        member(
                                "jury-3",
                                0,
                                member -> member.setReward((double) member.getScoreSum() / member.getKeptVotes()))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faultsOfAJury")
    void aPlantedFaultIsFoundInTheVotesOfAJury(String name, Invariant broken, Consumer<World> tampering) {
        World world = JURY.copy();
        tampering.accept(world);
        assertThat(world.broken(world.terms())).as(name).containsExactly(broken);
    }

    @Test
    void whatIsOpenIsFoundUnlessTheInstallationIsAtWork() {
        // Given
        World world = EVENTFUL.copy();
        world.rewards.remove(world.reward("plain"));
        Terms terms = world.terms();
        // When: it was read while the group still had time
        Terms early = with(terms, World.START + 1_000, null, false);
        Terms live = with(terms, World.START + 1_000, null, true);
        // Then
        assertThat(world.broken(early)).containsExactly(Invariant.LIVENESS);
        assertThat(world.broken(live)).isEmpty();
    }

    @Test
    void whoEndsLateAndSaysSoIsFoundWhenTheFaultsAreLongOver() {
        // Given
        World world = EVENTFUL.copy();
        reward("silent", record -> record.setClosedMs(record.getClosedMs() + 60_000))
                .accept(world);
        Terms terms = world.terms();
        // Then
        assertThat(world.broken(terms)).isEmpty();
        assertThat(world.broken(with(terms, terms.nowMs(), World.START, false))).containsExactly(Invariant.LIVENESS);
        assertThat(world.broken(with(terms, terms.nowMs(), World.START + 50_000, false)))
                .isEmpty();
    }

    @Test
    void withoutALedgerWhatStandsThereCountsAsSent() {
        // Given
        World world = EVENTFUL.copy();
        world.ledger.clear();
        Terms terms = world.terms();
        // Then
        assertThat(world.broken(terms)).containsExactly(I3);
        assertThat(world.broken(new Terms(
                        terms.collectMs(),
                        terms.evaluateMs(),
                        terms.slackMs(),
                        terms.nowMs(),
                        null,
                        0,
                        false,
                        Long.MIN_VALUE,
                        Long.MIN_VALUE,
                        false,
                        Set.of())))
                .isEmpty();
    }

    private static Terms with(Terms terms, long nowMs, Long healedMs, boolean live) {
        return new Terms(
                terms.collectMs(),
                terms.evaluateMs(),
                terms.slackMs(),
                nowMs,
                healedMs,
                20_000,
                live,
                terms.fromMs(),
                terms.requestsFromMs(),
                terms.ledger(),
                terms.otherJobs());
    }

    /** Whatever is changed in whatever world is found. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverIsTamperedWithIsFound(long seed) {
        Random random = new Random(seed);
        World whole = Worlds.random(seed);
        for (int time = 0; time < 12; time++) {
            World world = whole.copy();
            String done = tamper(world, random, time);
            assertThat(world.verdict(world.terms()).findings().violations())
                    .as(done)
                    .isNotEmpty();
        }
    }

    private static String tamper(World world, Random random, int how) {
        Rec<GroupReward> reward = world.rewards.get(random.nextInt(world.rewards.size()));
        String group = reward.value.getGroupId();
        GroupReward.Builder changed = GroupReward.newBuilder(reward.value);
        List<MemberReward> members = new ArrayList<>(reward.value.getMembers());
        int at = random.nextInt(members.size());
        MemberReward.Builder member = MemberReward.newBuilder(members.get(at));
        switch (how) {
            case 0 -> world.rewards.remove(reward);
            case 1 -> world.append(world.rewards, reward.copy());
            case 2 -> world.rollouts.remove(random.nextInt(world.rollouts.size()));
            case 3 -> world.requests.remove(random.nextInt(world.requests.size()));
            case 4 -> world.ledger.remove(random.nextInt(world.ledger.size()));
            case 5 -> member.setReward(member.getReward() == null ? 5.0 : null);
            case 6 -> member.setScoreSum(member.getScoreSum() + 1 + random.nextInt(5));
            case 7 -> member.setKeptVotes(member.getKeptVotes() + 1);
            case 8 ->
                member.setStatus(
                        member.getStatus() == MemberStatus.SCORED ? MemberStatus.MISSING : MemberStatus.SCORED);
            case 9 -> changed.setSamplesReceived(reward.value.getSamplesReceived() + 1);
            case 10 -> changed.setGroupId("somebody else");
            case 11 -> changed.setStopReason("TIRED");
            default -> throw new IllegalArgumentException();
        }
        members.set(at, member.build());
        reward.value = changed.setMembers(members).build();
        return "seed tampering " + how + " with " + group + ", member " + at;
    }
}
