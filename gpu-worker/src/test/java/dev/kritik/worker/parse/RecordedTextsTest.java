/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The parser on texts of real judges. Hardly any was asked for a box, so hardly any has scores for us. */
class RecordedTextsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsOnlyScoresThatTheJudgeMeantAndNeverFails() throws IOException {
        // Given
        Path file = data("judgments_main.jsonl");
        assumeTrue(Files.exists(file), "the recorded texts are not here");
        Map<String, Integer> outcomes = new TreeMap<>();
        int texts = 0;
        int compared = 0;

        for (String line : Files.readAllLines(file)) {
            JsonNode judgement = JSON.readTree(line);
            int n = judgement.path("seen").size();

            // When
            Parsed parsed = ScoreParser.parse(judgement.path("raw_text").textValue(), n, null);

            // Then
            texts++;
            outcomes.merge(
                    switch (parsed) {
                        case Parsed.Scores ignored -> "scores";
                        case Parsed.Invalid invalid -> invalid.reason().name();
                    },
                    1,
                    Integer::sum);
            if (parsed instanceof Parsed.Scores scores
                    && judgement.path("parsed_scores").isArray()) {
                compared++;
                List<Double> theirs = StreamSupport.stream(
                                judgement.path("parsed_scores").spliterator(), false)
                        .map(JsonNode::doubleValue)
                        .toList();
                assertThat(scores.values().stream().map(Integer::doubleValue))
                        .as("%s %s", judgement.path("query_id"), judgement.path("sample_index"))
                        .isEqualTo(theirs);
            }
        }
        System.out.println("outcomes of " + texts + " recorded texts: " + outcomes + "; scores compared with those"
                + " recorded: " + compared);
        assertThat(texts).isEqualTo(5_114);
    }

    @Test
    void readsTheRecordedScoresOnceTheyStandInABoxBehindTheRecordedText() throws IOException {
        // Given: a real text, with everything that it may hold, and the form that we ask for behind it
        Path file = data("judgments_main.jsonl");
        assumeTrue(Files.exists(file), "the recorded texts are not here");
        int texts = 0;

        for (String line : Files.readAllLines(file)) {
            JsonNode judgement = JSON.readTree(line);
            List<Integer> scores = IntStream.range(0, judgement.path("seen").size())
                    .mapToObj(i -> 1 + Math.floorMod(line.hashCode() + i, 10))
                    .toList();
            String text = judgement.path("raw_text").textValue() + "\nScores: "
                    + scores.toString().replace("[", "\\boxed{").replace("]", "}");

            // When / Then
            assertThat(ScoreParser.parse(text, scores.size(), "stop")).isEqualTo(new Parsed.Scores(scores));
            texts++;
        }
        assertThat(texts).isEqualTo(5_114);
    }

    private static Path data(String name) {
        String folder = System.getenv("KRITIK_SHARED_DATA");
        return folder != null
                ? Path.of(folder, name)
                : Path.of(System.getProperty("kritik.root", ".."), "..", "shared", "data", name);
    }
}
