/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;
import java.util.OptionalDouble;

import dev.kritik.lm.checkpoint.RopeSettings.Scaling;

/**
 * Reads how positions are embedded: {@code rope_scaling} beside {@code rope_theta} (transformers 4), or
 * {@code rope_parameters} with both in it (5). Where a file has several, the order of transformers 5 decides.
 */
final class RopeReader {

    private static final double DEFAULT_THETA = 10_000;

    private RopeReader() {}

    static RopeSettings read(JsonFields config, int maxPositions) {
        Optional<JsonFields> scaling =
                config.object("rope_scaling").filter(found -> !found.node().isEmpty());
        JsonFields rope = scaling.or(() -> config.object("rope_parameters"))
                .orElseGet(() ->
                        new JsonFields(config.where() + ": rope_parameters", JsonFields.MAPPER.createObjectNode()));
        for (JsonNode value : rope.node()) {
            if (value.isObject()) {
                throw new CheckpointException(rope.where() + " differs by kind of layer, which isn't supported");
            }
        }
        refusePartial(config);
        refusePartial(rope);
        double theta =
                or(rope.number("rope_theta"), config.number("rope_theta")).orElse(DEFAULT_THETA);
        if (theta <= 0) {
            throw (rope.has("rope_theta") ? rope : config).wrong("rope_theta", "above 0");
        }
        String type = rope.text("rope_type").or(() -> rope.text("type")).orElse("default");
        return switch (type) {
            case "default" -> RopeSettings.plain(theta);
            case "linear" -> new RopeSettings(theta, Scaling.LINEAR, required(rope, "factor"), 1, 4, 0);
            case "llama3" -> llama3(config, rope, theta, maxPositions);
            default ->
                throw new CheckpointException(rope.where() + ": the rope type '" + type
                        + "' isn't supported. Supported: default, linear, llama3");
        };
    }

    private static RopeSettings llama3(JsonFields config, JsonFields rope, double theta, int maxPositions) {
        String key = "original_max_position_embeddings";
        int original = config.has(key) ? config.size(key) : rope.size(key, maxPositions);
        double low = required(rope, "low_freq_factor");
        double high = required(rope, "high_freq_factor");
        if (high <= low) {
            throw rope.wrong("high_freq_factor", "above low_freq_factor (" + low + ")");
        }
        return new RopeSettings(theta, Scaling.LLAMA3, required(rope, "factor"), low, high, original);
    }

    private static double required(JsonFields rope, String key) {
        double value = rope.number(key)
                .orElseThrow(() -> new CheckpointException(rope.where() + ": '" + key + "' is missing"));
        if (value <= 0) {
            throw rope.wrong(key, "above 0");
        }
        return value;
    }

    private static void refusePartial(JsonFields fields) {
        if (fields.number("partial_rotary_factor").orElse(1) != 1) {
            throw fields.wrong("partial_rotary_factor", "1: only heads that are turned as a whole are supported");
        }
    }

    private static OptionalDouble or(OptionalDouble first, OptionalDouble second) {
        return first.isPresent() ? first : second;
    }
}
