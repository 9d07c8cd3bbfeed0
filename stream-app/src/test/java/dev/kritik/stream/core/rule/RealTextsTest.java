/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.stream.SharedData;

/** How often the marks are false alarms on responses of real models, none of which speaks to a judge. */
class RealTextsTest {

    private static final List<String> RESPONSES = new ArrayList<>();

    private static final Map<String, Check> CHECKS = Map.of(
            "injection", Checks.injection(),
            "self-praise", Checks.selfPraise(),
            "empty", Checks.empty());

    @BeforeAll
    static void read() throws IOException {
        Path file = SharedData.file("queries_main.jsonl");
        var json = new ObjectMapper();
        for (String line : Files.readAllLines(file)) {
            for (JsonNode response : json.readTree(line).get("responses")) {
                RESPONSES.add(response.get("content").asText());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"injection, 0.003", "self-praise, 0.003", "empty, 0.001"})
    void marksHardlyAnyOfThem(String name, double most) {
        Check check = CHECKS.get(name);

        long marked = RESPONSES.stream()
                .filter(text -> check.holds(Subjects.of(text)))
                .count();

        System.out.printf("%s: %d of %d responses are marked%n", name, marked, RESPONSES.size());
        assertThat((double) marked / RESPONSES.size()).isLessThan(most);
    }
}
