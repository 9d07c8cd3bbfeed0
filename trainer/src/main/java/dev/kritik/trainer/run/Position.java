/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a run is. The position in the data and all chance follow from the seed and the number of steps.
 *
 * @param step steps that are done
 * @param seed of the run
 * @param bestStep the step of the best evaluation; 0: there was none
 * @param bestScore its score; the higher the better
 */
public record Position(int step, long seed, int bestStep, double bestScore) {

    static final String NAME = "position.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Before the first step. */
    static Position start(long seed) {
        return new Position(0, seed, 0, Double.NEGATIVE_INFINITY);
    }

    /** After a step without an evaluation. */
    Position next() {
        return new Position(step + 1, seed, bestStep, bestScore);
    }

    /** With an evaluation of this step, if it is the best so far. */
    Position evaluated(double score) {
        return score > bestScore ? new Position(step, seed, step, score) : this;
    }

    boolean isBest() {
        return step > 0 && bestStep == step;
    }

    void write(Path folder) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("step", step).put("seed", seed);
        if (bestStep > 0) {
            json.put("best_step", bestStep).put("best_score", bestScore);
        }
        Disk.write(folder.resolve(NAME), json.toPrettyString() + "\n");
    }

    static Position read(Path folder) throws IOException {
        JsonNode json = JSON.readTree(folder.resolve(NAME).toFile());
        if (!json.path("step").canConvertToInt() || !json.path("seed").canConvertToLong()) {
            throw new IOException(NAME + " has no step and seed");
        }
        return new Position(
                json.get("step").intValue(),
                json.get("seed").longValue(),
                json.path("best_step").asInt(0),
                json.path("best_score").asDouble(Double.NEGATIVE_INFINITY));
    }
}
