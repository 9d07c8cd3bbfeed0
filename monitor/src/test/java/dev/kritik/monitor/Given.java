/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.kritik.schema.CountedScore;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.SampleVote;

/** Records for tests. */
public final class Given {

    public static final String JOB = "run-7";

    private Given() {}

    public static Rollout rollout(String group, int index, int size, String query, String response) {
        return Rollout.newBuilder()
                .setJobId(JOB)
                .setGroupId(group)
                .setIndex(index)
                .setGroupSize(size)
                .setMessages(List.of(new Message("user", query)))
                .setResponse(response)
                .setPolicyVersion(12L)
                .build();
    }

    public static Rollout rollout(String group, int index, int size) {
        return rollout(group, index, size, "query of " + group, "answer " + index);
    }

    public static CritiqueRequest request(String group, int size, int samples, long atMs) {
        List<SampleSpec> specs = IntStream.range(0, samples)
                .mapToObj(sample -> new SampleSpec(
                        sample, 7L, IntStream.range(0, size).boxed().toList(), null))
                .toList();
        return CritiqueRequest.newBuilder()
                .setRequestId(JOB + "/" + group + "/0/0/0")
                .setJobId(JOB)
                .setGroupId(group)
                .setGroupAttempt(0)
                .setPartition(0)
                .setPanel(0)
                .setMessages(List.of(new Message("user", "query")))
                .setResponses(IntStream.range(0, size)
                        .mapToObj(index -> new PanelResponse(index, "answer"))
                        .toList())
                .setSamples(specs)
                .setDeadlineMs(atMs + 60_000)
                .setCreatedMs(atMs)
                .build();
    }

    /** A critique with these scores, by index; without any it is one that failed. */
    public static Critique critique(
            String group, int sample, String text, long finishedMs, long tookMs, int... scores) {
        boolean good = scores.length > 0;
        return Critique.newBuilder()
                .setJobId(JOB)
                .setGroupId(group)
                .setGroupAttempt(0)
                .setPanel(0)
                .setSample(sample)
                .setRequestId(JOB + "/" + group + "/0/0/0")
                .setStatus(good ? CritiqueStatus.OK : CritiqueStatus.FAILED)
                .setReason(good ? null : "JUDGE_TIMEOUT")
                .setDetail(good ? null : "the judge did not answer within 30 s")
                .setScores(IntStream.range(0, scores.length)
                        .mapToObj(index -> new MemberScore(index, scores[index]))
                        .toList())
                .setOrder(IntStream.range(0, scores.length).boxed().toList())
                .setRawText(good ? text : null)
                .setFinishReason(good ? "stop" : null)
                .setMetaLogit(good ? (Double) (sample * 0.7 - 1) : null)
                .setMetaModel("kritik-nano-meta")
                .setJudge("djl")
                .setModel("kritik-nano")
                .setPromptVersion("brief-v1")
                .setSeed(4711)
                .setAttempt(1)
                .setPromptTokens(120L)
                .setCompletionTokens(good ? (Long) 80L : null)
                .setStartedMs(finishedMs - tookMs)
                .setJudgeMs(tookMs)
                .setMetaMs(12L)
                .setFinishedMs(finishedMs)
                .setWorker("worker-1")
                .setDelivery(1)
                .build();
    }

    /** The end of a group whose members have these rewards; null for a member without. */
    public static GroupReward reward(
            String group, GroupStatus status, String reason, long openedMs, long closedMs, Double... rewards) {
        return ending(group, status, reason, openedMs, closedMs, rewards).build();
    }

    /** The same, to be changed. */
    public static GroupReward.Builder ending(
            String group, GroupStatus status, String reason, long openedMs, long closedMs, Double... rewards) {
        List<MemberReward> members = new ArrayList<>();
        for (Double reward : rewards) {
            members.add(MemberReward.newBuilder()
                    .setIndex(members.size())
                    .setStatus(reward == null ? MemberStatus.UNSCORED : MemberStatus.SCORED)
                    .setReason(reward == null ? "TOO_FEW_VOTES" : null)
                    .setReward(reward)
                    .setKeptVotes(reward == null ? 0 : 2)
                    .setValidVotes(reward == null ? 0 : 4)
                    .setSpread(reward == null ? null : 0.5)
                    .setMarks(List.of())
                    .build());
        }
        double top = Arrays.stream(rewards)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        List<Double> all = Arrays.asList(rewards);
        return GroupReward.newBuilder()
                .setJobId(JOB)
                .setGroupId(group)
                .setGroupAttempt(0)
                .setGroupSize(rewards.length)
                .setStatus(status)
                .setReason(reason)
                .setStopReason(status == GroupStatus.OK ? "DECIDED" : "EVALUATION_DEADLINE")
                .setMembers(members)
                .setBest(top == 0 ? null : (Integer) all.indexOf(top))
                .setTiedTop(
                        all.stream().filter(one -> one != null && one == top).count() > 1)
                .setVotes(votes(all))
                .setK(8)
                .setGoal("advantages")
                .setConfidence(0.97)
                .setChangeChance(0.012)
                .setSamplesSpent(4)
                .setPanelSize(8)
                .setSamplesRequested(4)
                .setSamplesReceived(4)
                .setSamplesValid(4)
                .setModels(List.of("djl:kritik-nano@brief-v1"))
                .setMetaModels(List.of("kritik-nano-meta"))
                .setJury(List.of())
                .setOpenedMs(openedMs)
                .setJudgingMs(openedMs + 40)
                .setClosedMs(closedMs);
    }

    private static List<SampleVote> votes(List<Double> rewards) {
        List<SampleVote> votes = new ArrayList<>();
        for (int sample = 0; sample < 4; sample++) {
            List<CountedScore> scores = new ArrayList<>();
            for (int index = 0; index < rewards.size(); index++) {
                if (rewards.get(index) != null) {
                    scores.add(CountedScore.newBuilder()
                            .setIndex(index)
                            .setScore((int) Math.round(rewards.get(index)))
                            .setKept(sample >= 2)
                            .build());
                }
            }
            votes.add(SampleVote.newBuilder()
                    .setPanel(0)
                    .setSample(sample)
                    .setStatus(scores.isEmpty() ? "FAILED" : "OK")
                    .setReason(scores.isEmpty() ? "JUDGE_TIMEOUT" : null)
                    .setMetaLogit(scores.isEmpty() ? null : (Double) (sample * 0.7 - 1))
                    .setScores(scores)
                    .build());
        }
        return votes;
    }
}
