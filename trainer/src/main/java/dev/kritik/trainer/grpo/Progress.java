/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import dev.kritik.client.GroupPosition;
import dev.kritik.trainer.run.TrainException;

/**
 * What a checkpoint remembers of the groups.
 *
 * @param step that it belongs to
 * @param published groups until then
 * @param counts of them by fate; the others are under way
 * @param position behind the last of them that was taken
 * @param alarm what was seen of right answers so far
 */
record Progress(int step, long published, Map<Fate, Long> counts, GroupPosition position, HackingAlarm.State alarm) {

    private static final ObjectMapper JSON = new ObjectMapper();

    String toJson() {
        ObjectNode json = JSON.createObjectNode().put("step", step).put("published", published);
        ObjectNode fates = json.putObject("groups");
        counts.forEach((fate, count) -> fates.put(fate.label(), count));
        alarm.best().ifPresent(point -> json.putPOJO("best", point));
        json.put("suspected", alarm.suspected());
        try {
            json.set("position", JSON.readTree(position.toJson()));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads it again.
     *
     * @throws TrainException if it is something else
     */
    static Progress fromJson(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Map<Fate, Long> counts = new EnumMap<>(Fate.class);
            for (Fate fate : Fate.values()) {
                long count = json.path("groups").path(fate.label()).asLong(0);
                if (count > 0) {
                    counts.put(fate, count);
                }
            }
            return new Progress(
                    json.required("step").intValue(),
                    json.required("published").longValue(),
                    counts,
                    GroupPosition.fromJson(json.required("position").toString()),
                    new HackingAlarm.State(
                            json.has("best")
                                    ? Optional.of(JSON.treeToValue(json.get("best"), HackingAlarm.Point.class))
                                    : Optional.empty(),
                            json.path("suspected").booleanValue()));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new TrainException("what the checkpoint says of the groups can't be read: " + e.getMessage(), e);
        }
    }
}
