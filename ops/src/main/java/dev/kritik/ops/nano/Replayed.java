/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Judges by its report whether a replay is good enough to train on. */
final class Replayed {

    /** Groups may miss their deadlines now and then; more than one in ten is an installation that did not work. */
    private static final double MOST_WITHOUT = 0.1;

    private Replayed() {}

    /** Why it is not; empty where it is. */
    static Optional<String> problem(Path report) throws IOException {
        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        long right = 0;
        for (JsonNode count : json.path("critiques").path("accepted")) {
            right += count.asLong();
        }
        long groups = json.path("groups").path("labelled").asLong();
        long without = json.path("groups").path("without_critiques").asLong();
        if (groups == 0) {
            return Optional.of("no labelled group came back from the topics");
        }
        if (without > MOST_WITHOUT * groups) {
            return Optional.of(without + " of " + groups + " groups came back without a critique");
        }
        return right > 0 ? Optional.empty() : Optional.of("none of the critiques of " + groups + " groups is right");
    }
}
