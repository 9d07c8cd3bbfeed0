/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
 * A resources server of NeMo Gym: {@code /verify} takes one rollout and gives it back with a reward, {@code /compare} takes
 * a whole group. With {@code gateway.nemo.group.size} above 1 the rollouts of a prompt meet by their group id, on whichever
 * instance each of them comes in, since it is the stream application that collects them.
 */
final class NemoGym {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final String REWARD = "reward";
    private static final String GROUP_ID = "_ng_group_id";
    private static final String GROUP_ATTEMPT = "_ng_group_attempt";
    private static final String ROLLOUT_INDEX = "_ng_rollout_index";

    /** Roles are free text, and judges see them. */
    private static final String PRINCIPLE = "principle";

    private final Jobs jobs;
    private final Terms terms;

    NemoGym(Jobs jobs, Terms terms) {
        this.jobs = jobs;
        this.terms = terms;
    }

    /** What agents ask before a rollout; there is nothing to prepare. */
    CompletionStage<Answer> seedSession(Call call) {
        Fields.of(call.body());
        return CompletableFuture.completedFuture(Answer.json(200, NODES.objectNode()));
    }

    CompletionStage<Answer> verify(Call call) {
        call.allow(Set.of("job_id"));
        byte[] body = call.body();
        Fields fields = Fields.of(body);
        Submission submission = readRollout(fields, jobId(call));
        int index = submission.members().firstKey();
        boolean hasOne = fields.object().has(REWARD);
        return jobs.judge(submission.in(call.trace()), terms.nemoLimit()).thenApply(outcome -> {
            double reward = Verdict.member(Verdict.reward(outcome), index).getReward();
            return Answer.json(hasOne ? withOtherReward(body, reward) : withReward(body, reward));
        });
    }

    CompletionStage<Answer> compare(Call call) {
        call.allow(Set.of("job_id"));
        String jobId = jobId(call);
        Fields fields = Fields.of(call.body());
        if (fields.array("response_objs", terms.maxResponses()).isEmpty()) {
            return CompletableFuture.completedFuture(Answer.json(200, compared(List.of(), null)));
        }
        return jobs.judge(readGroup(fields, jobId).in(call.trace()), terms.nemoLimit())
                .thenApply(NemoGym::answer);
    }

    private String jobId(Call call) {
        return Fields.jobId(call.parameter("job_id").orElse(terms.job()), "job_id");
    }

    Submission readRollout(Fields fields, String jobId) {
        JsonNode input = Fields.of(fields.get("responses_create_params"), "responses_create_params")
                .get("input");
        List<Message> messages =
                new ArrayList<>(Conversation.fromResponsesInput(input, "responses_create_params.input"));
        principle(fields, messages);
        Group rollout = Group.of(messages, List.of(Conversation.textOfResponse(fields.get("response"), "response")));
        if (terms.nemoGroupSize() == 1) {
            return rollout.submission(jobId, Optional.empty(), 0, terms.timeout(), terms);
        }
        Integer index = fields.intOrNull(ROLLOUT_INDEX, 0);
        if (index == null || index >= terms.nemoGroupSize() || !fields.has(GROUP_ID)) {
            throw Problem.bad(GROUP_ID + " and " + ROLLOUT_INDEX + " from 0 to " + (terms.nemoGroupSize() - 1)
                    + " are wanted: rollouts are judged in groups of " + terms.nemoGroupSize()
                    + " (gateway.nemo.group.size)");
        }
        Integer attempt = fields.intOrNull(GROUP_ATTEMPT, 0);
        return rollout.member(
                jobId,
                Fields.id(fields.text(GROUP_ID), GROUP_ID),
                attempt == null ? 0 : attempt,
                index,
                terms.nemoGroupSize(),
                terms.timeout(),
                terms);
    }

    Submission readGroup(Fields fields, String jobId) {
        List<Message> messages =
                new ArrayList<>(Conversation.read(fields.get("conversation_history"), "conversation_history"));
        principle(fields, messages);
        List<String> responses = new ArrayList<>();
        for (JsonNode response : fields.array("response_objs", terms.maxResponses())) {
            responses.add(Conversation.textOfResponse(response, "response_objs[" + responses.size() + "]"));
        }
        return Group.of(messages, responses).submission(jobId, Optional.empty(), 0, terms.timeout(), terms);
    }

    private static void principle(Fields fields, List<Message> messages) {
        if (fields.has(PRINCIPLE)) {
            messages.add(new Message(PRINCIPLE, fields.text(PRINCIPLE)));
        }
    }

    private static byte[] withOtherReward(byte[] body, double reward) {
        return ((ObjectNode) Fields.json(body)).put(REWARD, reward).toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The body as it came, to the letter, with the reward behind its other fields. Not taken apart again: this runs on the
     * thread that reads rewards for everybody.
     */
    private static byte[] withReward(byte[] body, double reward) {
        int end = body.length - 1;
        while (body[end] != '}') {
            end--;
        }
        byte[] field = (",\"" + REWARD + "\":" + NODES.numberNode(reward) + "}").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(body, end + field.length);
        System.arraycopy(field, 0, all, end, field.length);
        return all;
    }

    private static Answer answer(Outcome outcome) {
        GroupReward reward = Verdict.reward(outcome);
        List<Double> rewards = new ArrayList<>();
        for (int index = 0; index < reward.getMembers().size(); index++) {
            MemberReward member = Verdict.member(reward, index);
            rewards.add(member.getReward());
        }
        return Answer.json(200, compared(rewards, reward));
    }

    /** No pairs are compared one by one, so there are no results of pairs. */
    private static ObjectNode compared(List<Double> rewards, GroupReward reward) {
        ObjectNode body = NODES.objectNode();
        ArrayNode array = body.putArray("rewards");
        rewards.forEach(array::add);
        body.putNull("comparison_results");
        if (reward == null) {
            return body.putNull("metrics");
        }
        body.set(
                "metrics",
                NODES.objectNode()
                        .put(
                                "mean_reward",
                                rewards.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .average()
                                        .orElseThrow())
                        .put("samples_requested", (double) reward.getSamplesRequested())
                        .put("samples_valid", (double) reward.getSamplesValid()));
        return body;
    }
}
