/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.kritik.gateway.http.Answer;
import dev.kritik.gateway.http.Call;
import dev.kritik.gateway.http.Problem;
import dev.kritik.gateway.jobs.Jobs;
import dev.kritik.gateway.jobs.Outcome;
import dev.kritik.gateway.jobs.Submission;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.Message;

/**
 * slime's remote reward ({@code --rm-type remote_rm --rm-url}): one sample, whose reward is the whole body of the answer, or
 * an object in which {@code --reward-key} finds it. And a list of samples of one prompt: a whole group.
 */
final class Slime {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Jobs jobs;
    private final Terms terms;

    Slime(Jobs jobs, Terms terms) {
        this.jobs = jobs;
        this.terms = terms;
    }

    CompletionStage<Answer> post(Call call) {
        call.allow(Set.of("job_id", "reward_key"));
        String jobId = Fields.jobId(call.parameter("job_id").orElse(terms.job()), "job_id");
        Optional<String> key = call.parameter("reward_key").filter(name -> !name.isEmpty());
        JsonNode body = Fields.json(call.body());
        if (body.isArray() && body.isEmpty()) {
            return java.util.concurrent.CompletableFuture.completedFuture(Answer.json(200, NODES.arrayNode()));
        }
        boolean whole = body.isArray();
        return jobs.judge(read(body, jobId).in(call.trace()), terms.slimeLimit())
                .thenApply(outcome -> whole ? group(outcome, key) : single(outcome, key));
    }

    Submission read(JsonNode body, String jobId) {
        Group group = body.isArray() ? group(body) : sample(Fields.of(body, "the body"), "");
        return group.submission(jobId, Optional.empty(), 0, terms.timeout(), terms);
    }

    private Group sample(Fields fields, String at) {
        List<Message> messages = Conversation.read(fields.get("prompt"), at + "prompt");
        List<String> labels = new ArrayList<>();
        labels.add(fields.anyOrNull("label"));
        String response = terms.withoutEnd(Fields.text(fields.get("response"), at + "response"));
        return Group.of(messages, List.of(response)).withLabels(labels, terms);
    }

    private Group group(JsonNode samples) {
        if (samples.size() > terms.maxResponses()) {
            throw Problem.of(
                    413, "Too many", samples.size() + " samples in a group, " + terms.maxResponses() + " are allowed");
        }
        List<Message> messages = null;
        String groupIndex = null;
        List<String> responses = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (JsonNode item : samples) {
            String at = "[" + responses.size() + "].";
            Fields fields = Fields.of(item, "sample " + responses.size());
            Group sample = sample(fields, at);
            String index = fields.get("group_index").toString();
            if (responses.isEmpty()) {
                messages = sample.messages();
                groupIndex = index;
            } else if (!sample.messages().equals(messages) || !index.equals(groupIndex)) {
                throw Problem.bad(at + "prompt or " + at + "group_index differ from the first sample's: a list is one"
                        + " group, of one prompt");
            }
            responses.addAll(sample.responses());
            labels.addAll(sample.labels());
        }
        return Group.of(messages, responses).withLabels(labels, terms);
    }

    private static Answer single(Outcome outcome, Optional<String> key) {
        GroupReward reward = Verdict.reward(outcome);
        MemberReward member = Verdict.member(reward, 0);
        return Answer.json(
                200, key.isPresent() ? object(reward, member, key.get()) : NODES.numberNode(member.getReward()));
    }

    private static Answer group(Outcome outcome, Optional<String> key) {
        GroupReward reward = Verdict.reward(outcome);
        if (reward.getMembers().stream().allMatch(member -> member.getReward() == null)) {
            throw Verdict.failed(reward, "no response has a reward");
        }
        ArrayNode rewards = NODES.arrayNode();
        for (MemberReward member : reward.getMembers()) {
            if (key.isPresent()) {
                rewards.add(object(reward, member, key.get()));
            } else {
                rewards.add(member.getReward());
            }
        }
        return Answer.json(200, rewards);
    }

    private static ObjectNode object(GroupReward reward, MemberReward member, String key) {
        ObjectNode object = NODES.objectNode()
                .put("status", member.getStatus().name())
                .put("votes", member.getKeptVotes())
                .put("spread", member.getSpread())
                .put("id", reward.getGroupId());
        return object.put(key, member.getReward());
    }
}
