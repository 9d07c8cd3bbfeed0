/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.GroupPlaces;
import dev.kritik.schema.CountedScore;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Juror;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleVote;

/** A group with its texts, as the page wants it: responses with their rewards, samples with how they were counted. */
final class GroupJson {

    private GroupJson() {}

    static Map<String, Object> of(GroupPlaces places, Bodies.Group group, long nowMs) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("nowMs", nowMs);
        json.put("line", places.line());
        json.put("missing", group.missing() + places.more());
        json.put("trace", group.trace());
        conversation(json, group.rollouts());
        json.put("responses", responses(places, group));
        json.put("samples", samples(group));
        json.put("end", group.reward() == null ? null : end(group.reward()));
        return json;
    }

    private static void conversation(Map<String, Object> json, List<Rollout> rollouts) {
        if (rollouts.isEmpty()) {
            json.put("messages", List.of());
            return;
        }
        Rollout first = rollouts.getFirst();
        json.put(
                "messages",
                first.getMessages().stream()
                        .map(message -> Map.of("role", message.getRole(), "content", message.getContent()))
                        .toList());
        json.put("reference", first.getReference());
        json.put("label", first.getLabel());
        json.put("policyVersion", first.getPolicyVersion());
        json.put("hint", first.getHint());
        json.put("metadata", first.getMetadata());
    }

    private static List<Map<String, Object>> responses(GroupPlaces places, Bodies.Group group) {
        Map<Integer, Rollout> texts = new HashMap<>();
        group.rollouts().forEach(rollout -> texts.putIfAbsent(rollout.getIndex(), rollout));
        Map<Integer, MemberReward> rewards = new HashMap<>();
        if (group.reward() != null) {
            group.reward().getMembers().forEach(member -> rewards.put(member.getIndex(), member));
        }
        List<Map<String, Object>> responses = new ArrayList<>();
        for (int index = 0; index < Math.max(places.line().size(), rewards.size()); index++) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("index", index);
            json.put("text", texts.containsKey(index) ? texts.get(index).getResponse() : null);
            MemberReward member = rewards.get(index);
            if (member != null) {
                member(json, member, group.reward());
            }
            responses.add(json);
        }
        return responses;
    }

    private static void member(Map<String, Object> json, MemberReward member, GroupReward end) {
        json.put("status", member.getStatus().name());
        json.put("reason", member.getReason());
        json.put("reward", member.getReward());
        json.put("rank", rank(member, end));
        json.put("sum", member.getScoreSum());
        json.put("kept", member.getKeptVotes());
        json.put("valid", member.getValidVotes());
        json.put("spread", member.getSpread());
        json.put("judgedAs", member.getJudgedAs());
        json.put("rule", member.getRule());
        json.put("marks", member.getMarks());
    }

    /** 1 for the highest reward; equal rewards have equal ranks. */
    private static Integer rank(MemberReward member, GroupReward end) {
        if (member.getReward() == null) {
            return null;
        }
        return 1
                + (int) end.getMembers().stream()
                        .map(MemberReward::getReward)
                        .filter(Objects::nonNull)
                        .filter(other -> other > member.getReward())
                        .count();
    }

    private record SampleId(int panel, int sample) {}

    private static List<Map<String, Object>> samples(Bodies.Group group) {
        Map<SampleId, SampleVote> votes = new LinkedHashMap<>();
        if (group.reward() != null) {
            group.reward().getVotes().forEach(vote -> votes.put(new SampleId(vote.getPanel(), vote.getSample()), vote));
        }
        Map<SampleId, Critique> critiques = new LinkedHashMap<>();
        group.critiques().forEach(one -> critiques.putIfAbsent(new SampleId(one.getPanel(), one.getSample()), one));
        List<SampleId> all = new ArrayList<>(votes.keySet());
        critiques.keySet().stream().filter(id -> !votes.containsKey(id)).forEach(all::add);
        all.sort((a, b) -> a.sample() != b.sample()
                ? Integer.compare(a.sample(), b.sample())
                : Integer.compare(a.panel(), b.panel()));
        return all.stream()
                .map(id -> sample(id, critiques.get(id), votes.get(id), group.reward() != null))
                .toList();
    }

    private static Map<String, Object> sample(SampleId id, Critique critique, SampleVote vote, boolean ended) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sample", id.sample());
        json.put("panel", id.panel());
        json.put("counted", vote != null);
        json.put("late", ended && vote == null);
        if (vote != null) {
            json.put("status", vote.getStatus());
            json.put("reason", vote.getReason());
            json.put("metaLogit", vote.getMetaLogit());
            json.put("scores", vote.getScores().stream().map(GroupJson::score).toList());
            json.put("judge", vote.getJudge());
            json.put("replaced", vote.getReplaced());
        }
        if (critique != null) {
            json.putIfAbsent("status", critique.getStatus().name());
            json.putIfAbsent("reason", critique.getReason());
            json.putIfAbsent("metaLogit", critique.getMetaLogit());
            json.putIfAbsent("judge", critique.getJudgeName());
            json.putIfAbsent("replaced", critique.getReplaced());
            json.putIfAbsent(
                    "scores",
                    critique.getScores().stream().map(GroupJson::score).toList());
            written(json, critique);
        }
        return json;
    }

    private static void written(Map<String, Object> json, Critique critique) {
        json.put("text", critique.getRawText());
        json.put("detail", critique.getDetail());
        json.put("order", critique.getOrder());
        json.put("hinted", critique.getHinted());
        json.put("finishReason", critique.getFinishReason());
        json.put("metaModel", critique.getMetaModel());
        json.put("metaDetail", critique.getMetaDetail());
        json.put("kind", critique.getJudge());
        json.put("model", critique.getModel());
        json.put("promptVersion", critique.getPromptVersion());
        json.put("seed", critique.getSeed());
        json.put("tries", critique.getAttempt());
        json.put("promptTokens", critique.getPromptTokens());
        json.put("writtenTokens", critique.getCompletionTokens());
        json.put("startedMs", critique.getStartedMs());
        json.put("judgeMs", critique.getJudgeMs());
        json.put("metaMs", critique.getMetaMs());
        json.put("finishedMs", critique.getFinishedMs());
        json.put("worker", critique.getWorker());
        json.put("delivery", critique.getDelivery());
        json.put("requestId", critique.getRequestId());
    }

    private static Map<String, Object> score(CountedScore score) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", score.getIndex());
        json.put("score", score.getScore());
        json.put("kept", score.getKept());
        json.put("value", score.getValue());
        return json;
    }

    private static Map<String, Object> score(MemberScore score) {
        return Map.of("index", score.getIndex(), "score", score.getScore());
    }

    private static Map<String, Object> end(GroupReward reward) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", reward.getStatus().name());
        json.put("reason", reward.getReason());
        json.put("detail", reward.getDetail());
        json.put("stop", reward.getStopReason());
        json.put("best", reward.getBest());
        json.put("tied", reward.getTiedTop());
        json.put("hinted", reward.getHinted());
        json.put("goal", reward.getGoal());
        json.put("confidence", reward.getConfidence());
        json.put("changeChance", reward.getChangeChance());
        json.put("k", reward.getK());
        json.put("spent", reward.getSamplesSpent());
        json.put("kMeta", reward.getKMeta());
        json.put("panelSize", reward.getPanelSize());
        json.put("asked", reward.getSamplesRequested());
        json.put("received", reward.getSamplesReceived());
        json.put("valid", reward.getSamplesValid());
        json.put("models", reward.getModels());
        json.put("metaModels", reward.getMetaModels());
        json.put("promptTokens", reward.getPromptTokens());
        json.put("writtenTokens", reward.getCompletionTokens());
        json.put("openedMs", reward.getOpenedMs());
        json.put("judgingMs", reward.getJudgingMs());
        json.put("closedMs", reward.getClosedMs());
        json.put("policyVersion", reward.getPolicyVersion());
        json.put("jury", reward.getJury().stream().map(GroupJson::juror).toList());
        return json;
    }

    private static Map<String, Object> juror(Juror juror) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", juror.getName());
        json.put("weight", juror.getWeight());
        json.put("factor", juror.getFactor());
        json.put("offset", juror.getOffset());
        json.put("asked", juror.getAsked());
        json.put("valid", juror.getValid());
        json.put("replaced", juror.getReplaced());
        return json;
    }
}
