/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A file of recorded votes: one JSON object a line, with {@code query_id}, {@code n_responses}, {@code best},
 * {@code subset} and {@code votes}: for each setting, for each response, its scores by sample number; null where the
 * recorded call failed.
 *
 * @param queries by query id, in the order of the file
 */
public record Votes(SequencedMap<String, Query> queries) {

    /**
     * One query.
     *
     * @param subset kind of query
     * @param responses number of responses
     * @param best index of the best response
     * @param settings the votes by setting
     */
    public record Query(String id, String subset, int responses, int best, Map<String, Setting> settings) {}

    /**
     * The votes of one setting for one query.
     *
     * @param scores by response, by sample; null where the recorded call failed
     * @param promptTokens tokens of all recorded calls together; null when not on record
     * @param completionTokens tokens of all recorded calls together; null when not on record
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Setting(Integer[][] scores, Long promptTokens, Long completionTokens) {}

    /**
     * Reads a file.
     *
     * @throws IOException if it can't be read, or a line has another form; the message names the line
     */
    public static Votes read(Path file) throws IOException {
        SequencedMap<String, Query> queries = new LinkedHashMap<>();
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    try {
                        Query query = query(json.readTree(line));
                        queries.put(query.id(), query);
                    } catch (IOException | RuntimeException e) {
                        throw new IOException(
                                file + ", line " + number + " is no record of votes: " + e.getMessage(), e);
                    }
                }
            }
        }
        if (queries.isEmpty()) {
            throw new IOException(file + " holds no votes");
        }
        return new Votes(queries);
    }

    private static Query query(JsonNode line) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        int responses = line.required("n_responses").asInt();
        line.required("votes").properties().forEach(setting -> {
            JsonNode votes = setting.getValue();
            if (votes.size() != responses) {
                throw new IllegalArgumentException(
                        "'" + setting.getKey() + "' has votes for " + votes.size() + " of " + responses + " responses");
            }
            JsonNode tokens = line.path("tokens").path(setting.getKey());
            settings.put(setting.getKey(), new Setting(scores(votes), number(tokens.path(0)), number(tokens.path(1))));
        });
        return new Query(
                line.required("query_id").asText(),
                line.path("subset").asText("all"),
                responses,
                line.required("best").asInt(),
                settings);
    }

    private static Integer[][] scores(JsonNode votes) {
        Integer[][] scores = new Integer[votes.size()][];
        for (int response = 0; response < scores.length; response++) {
            JsonNode samples = votes.get(response);
            scores[response] = new Integer[samples.size()];
            for (int sample = 0; sample < samples.size(); sample++) {
                JsonNode score = samples.get(sample);
                scores[response][sample] = score.isNull() ? null : Integer.valueOf(score.intValue());
            }
        }
        return scores;
    }

    private static Long number(JsonNode node) {
        return node.isIntegralNumber() ? node.longValue() : null;
    }
}
