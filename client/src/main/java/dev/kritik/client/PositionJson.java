/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A position as JSON. The names of the fields stand in files of users: they stay. */
final class PositionJson {

    private static final String REWARDS = "rewards";
    private static final String ROLLOUTS = "rollouts";
    private static final String ROLLOUTS_READ = "rollouts_read";
    private static final String WAITING = "waiting";
    private static final String JOB = "job";
    private static final String GROUP = "group";
    private static final String ATTEMPT = "attempt";

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Comparator<GroupId> ORDER =
            Comparator.comparing(GroupId::jobId).thenComparing(GroupId::groupId).thenComparingInt(GroupId::attempt);

    private PositionJson() {}

    static String write(GroupPosition position) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(REWARDS, offsets(position.rewards()));
        json.set(ROLLOUTS, offsets(position.rollouts()));
        json.set(ROLLOUTS_READ, offsets(position.rolloutsRead()));
        ArrayNode waiting = json.putArray(WAITING);
        position.waiting().stream()
                .sorted(ORDER)
                .forEach(id -> waiting.addObject()
                        .put(JOB, id.jobId())
                        .put(GROUP, id.groupId())
                        .put(ATTEMPT, id.attempt()));
        return json.toString();
    }

    private static ObjectNode offsets(Map<Integer, Long> offsets) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(offsets).forEach((partition, offset) -> json.put(Integer.toString(partition), offset));
        return json;
    }

    static GroupPosition read(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the position is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("the position is no JSON object");
        }
        Map<Integer, Long> rollouts = offsets(json, ROLLOUTS);
        Map<Integer, Long> rolloutsRead = offsets(json, ROLLOUTS_READ);
        if (!rollouts.keySet().equals(rolloutsRead.keySet())) {
            throw new IllegalArgumentException(
                    "the position's " + ROLLOUTS + " and " + ROLLOUTS_READ + " name different partitions");
        }
        rollouts.forEach((partition, offset) -> {
            if (offset > rolloutsRead.get(partition)) {
                throw new IllegalArgumentException("the position's " + ROLLOUTS + " of partition " + partition
                        + " stand after its " + ROLLOUTS_READ);
            }
        });
        return new GroupPosition(offsets(json, REWARDS), rollouts, rolloutsRead, waiting(json.path(WAITING)));
    }

    private static Map<Integer, Long> offsets(JsonNode json, String name) {
        if (!json.path(name).isObject()) {
            throw new IllegalArgumentException("the position's " + name + " are no object of offsets by partition");
        }
        Map<Integer, Long> offsets = new HashMap<>();
        json.path(name).properties().forEach(entry -> {
            JsonNode offset = entry.getValue();
            if (!entry.getKey().matches("\\d{1,9}")
                    || !offset.isIntegralNumber()
                    || !offset.canConvertToLong()
                    || offset.longValue() < 0) {
                throw new IllegalArgumentException("the position's " + name + " hold '" + entry.getKey() + "': "
                        + offset + "; a partition and an offset are wanted");
            }
            offsets.put(Integer.valueOf(entry.getKey()), offset.longValue());
        });
        return offsets;
    }

    private static Set<GroupId> waiting(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("the position's " + WAITING + " is no list of groups");
        }
        Set<GroupId> waiting = new HashSet<>();
        for (JsonNode id : list) {
            JsonNode attempt = id.path(ATTEMPT);
            if (!id.path(JOB).isTextual()
                    || !id.path(GROUP).isTextual()
                    || !attempt.canConvertToInt()
                    || !attempt.isIntegralNumber()) {
                throw new IllegalArgumentException(
                        "the position's " + WAITING + " holds " + id + "; an object with the texts '" + JOB + "' and '"
                                + GROUP + "' and the number '" + ATTEMPT + "' is wanted");
            }
            waiting.add(new GroupId(id.path(JOB).textValue(), id.path(GROUP).textValue(), attempt.intValue()));
        }
        return waiting;
    }
}
