/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Scores;
import dev.kritik.stream.core.adaptive.Goal;

/**
 * One line of a file of rollouts. Two forms:
 *
 * <ul>
 *   <li>a whole group: {@code query_id} (or {@code group_id}), {@code messages}, {@code responses} (objects with
 *       {@code content} and perhaps {@code finish_reason}, which goes into the metadata, or strings); {@code best}, the index of the best response, becomes the label. Of a
 *       single response it is {@code score}, a whole number from 1 to 10; any other value is a field of somebody else's and
 *       means no label. {@code hint} tells the label to the judge, too, which makes training data and no rewards. Other
 *       fields are passed over;
 *   <li>a single rollout, known by {@code response}: the fields of the contract, and no others.
 * </ul>
 */
public final class RolloutLine {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> CONTRACT = Rollout.getClassSchema().getFields().stream()
            .map(org.apache.avro.Schema.Field::name)
            .collect(Collectors.toUnmodifiableSet());

    /** Where a rule of the stream application looks for whether a response was cut off. */
    private static final String FINISH_REASON = "finish_reason";

    private RolloutLine() {}

    /**
     * The rollouts of a line: all members of a group, or one.
     *
     * @param nowMs time of publishing, epoch milliseconds, from which relative deadlines count
     * @throws BadLine if the line holds no rollouts
     */
    public static List<Rollout> parse(String line, Defaults defaults, long nowMs) throws BadLine {
        JsonNode object;
        try {
            object = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new BadLine("not JSON: " + e.getOriginalMessage(), e);
        }
        if (object == null || !object.isObject()) {
            throw new BadLine("not a JSON object");
        }
        Fields fields = new Fields(object);
        return object.has("response") ? List.of(single(fields, defaults, nowMs)) : group(fields, defaults, nowMs);
    }

    private static List<Rollout> group(Fields fields, Defaults defaults, long nowMs) throws BadLine {
        String groupId = fields.id(fields.has("group_id") ? "group_id" : "query_id");
        JsonNode responses = fields.array("responses");
        checkHint(fields, responses.size());
        Rollout.Builder builder = common(fields, defaults, nowMs)
                .setGroupId(groupId)
                .setGroupSize(responses.size())
                .setMessages(fields.messages());
        Integer best = fields.intOrNull("best", 0);
        if (best != null && best >= responses.size()) {
            throw new BadLine("best is " + best + ", but there are " + responses.size() + " responses");
        }
        Integer label = responses.size() == 1 ? score(fields.object().path("score")) : best;
        builder.setLabel(label == null ? null : label.toString());
        List<Rollout> members = new ArrayList<>();
        for (JsonNode response : responses) {
            String at = "responses[" + members.size() + "]";
            Map<String, String> metadata = new TreeMap<>(fields.strings("metadata"));
            if (fields.has("domain")) {
                metadata.put("domain", fields.text("domain"));
            }
            if (response.hasNonNull("id")) {
                metadata.put("response_id", response.get("id").asText());
            }
            if (response.hasNonNull(FINISH_REASON)) {
                metadata.put(FINISH_REASON, Fields.text(response.get(FINISH_REASON), at + "." + FINISH_REASON));
            }
            String content = response.isTextual()
                    ? Fields.text(response, at)
                    : Fields.text(response.path("content"), at + ".content");
            members.add(builder.setIndex(members.size())
                    .setResponse(content)
                    .setMetadata(metadata)
                    .build());
        }
        return members;
    }

    private static Integer score(JsonNode node) {
        boolean score = node.isIntegralNumber() && node.canConvertToInt() && Scores.isScore(node.intValue());
        return score ? Integer.valueOf(node.intValue()) : null;
    }

    private static Rollout single(Fields fields, Defaults defaults, long nowMs) throws BadLine {
        for (var property : fields.object().properties()) {
            if (!CONTRACT.contains(property.getKey())) {
                throw new BadLine("unknown field '" + property.getKey() + "'");
            }
        }
        List<Message> messages = fields.messages();
        int size = fields.integer("group_size", 1);
        int index = fields.integer("index", 0);
        if (index >= size) {
            throw new BadLine("index is " + index + ", but group_size is " + size);
        }
        checkHint(fields, size);
        List<Integer> tokens = fields.integersOrNull("response_token_ids");
        List<Float> logProbs = fields.floatsOrNull("response_logprobs");
        if (logProbs != null && (tokens == null || tokens.size() != logProbs.size())) {
            throw new BadLine("response_logprobs has " + logProbs.size() + " numbers, and response_token_ids "
                    + (tokens == null ? "is not there" : "has " + tokens.size()) + ": one for each token");
        }
        return common(fields, defaults, nowMs)
                .setGroupId(fields.id("group_id"))
                .setGroupSize(size)
                .setIndex(index)
                .setMessages(messages)
                .setResponse(fields.text("response"))
                .setLabel(fields.textOrNull("label"))
                .setPromptTokenIds(fields.integersOrNull("prompt_token_ids"))
                .setResponseTokenIds(tokens)
                .setResponseLogprobs(logProbs)
                .setMetadata(fields.strings("metadata"))
                .build();
    }

    private static Rollout.Builder common(Fields fields, Defaults defaults, long nowMs) throws BadLine {
        String jobId = fields.has("job_id") ? fields.id("job_id") : defaults.jobId();
        if (jobId.indexOf('/') >= 0) {
            throw new BadLine("job_id holds a '/'");
        }
        Integer attempt = fields.intOrNull("group_attempt", 0);
        Long deadline = fields.longOrNull("deadline_ms");
        if (deadline == null && defaults.deadline() != null) {
            deadline = nowMs + defaults.deadline().toMillis();
        }
        return Rollout.newBuilder()
                .setJobId(jobId)
                .setGroupAttempt(attempt == null ? 0 : attempt)
                .setReference(fields.textOrNull("reference"))
                .setPolicyVersion(fields.longOrNull("policy_version"))
                .setDeadlineMs(deadline)
                .setK(or(fields.intOrNull("k", 1), defaults.k()))
                .setHint(fields.intOrNull("hint", 0))
                .setKMeta(or(fields.intOrNull("k_meta", 0), defaults.kMeta()))
                .setPanelSize(or(fields.intOrNull("panel_size", 1), defaults.panelSize()))
                .setGoal(goal(fields.textOrNull("goal"), defaults.goal()));
    }

    private static String goal(String own, String otherwise) throws BadLine {
        if (own != null && Goal.of(own).isEmpty()) {
            throw new BadLine("goal is none of " + Goal.names());
        }
        return own == null ? otherwise : own;
    }

    private static void checkHint(Fields fields, int size) throws BadLine {
        Integer hint = fields.intOrNull("hint", 0);
        if (hint != null && size > 1 && hint >= size) {
            throw new BadLine("hint is " + hint + ", but there are " + size + " responses");
        }
        if (hint != null && size == 1 && !Scores.isScore(hint)) {
            throw new BadLine("hint is " + hint + "; for a single response it is the right score, " + Scores.LOWEST
                    + " to " + Scores.HIGHEST);
        }
    }

    private static Integer or(Integer value, Integer otherwise) {
        return value == null ? otherwise : value;
    }
}
