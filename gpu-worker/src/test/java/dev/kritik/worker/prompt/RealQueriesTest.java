/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kritik.schema.Message;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

/** Prompts for real queries: up to 36 responses, many languages, boxes within responses. */
class RealQueriesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void keepsEveryTextInItsPlaceAndReadable() throws IOException {
        // Given
        String folder = System.getenv("KRITIK_SHARED_DATA");
        Path file = (folder != null
                        ? Path.of(folder)
                        : Path.of(System.getProperty("kritik.root", ".."), "..", "shared", "data"))
                .resolve("queries_main.jsonl");
        assumeTrue(Files.exists(file), "the real queries are not here");
        int queries = 0;
        int changed = 0;

        for (String line : Files.readAllLines(file)) {
            JsonNode query = JSON.readTree(line);
            List<Message> messages = query.path("messages")
                    .valueStream()
                    .map(message -> new Message(
                            message.path("role").textValue(),
                            message.path("content").textValue()))
                    .toList();
            List<String> responses = query.path("responses")
                    .valueStream()
                    .map(response -> response.path("content").textValue())
                    .toList();
            int n = responses.size();

            // When
            String prompt = new PromptBuilder(() -> "c0ffee")
                    .forRequest(messages, null, n)
                    .sample(responses);

            // Then
            for (int i = 0; i < n; i++) {
                String begin = "<<<BEGIN RESPONSE " + (i + 1) + " c0ffee>>>\n";
                String end = "\n<<<END RESPONSE " + (i + 1) + " c0ffee>>>";
                String shown = prompt.substring(prompt.indexOf(begin) + begin.length(), prompt.indexOf(end));
                assertThat(prompt.split(end, -1)).hasSize(2);
                assertThat(Escape.undo(shown)).isEqualTo(responses.get(i));
                changed += shown.equals(responses.get(i)) ? 0 : 1;
            }
            assertThat(ScoreParser.parse(prompt, n, null)).isInstanceOf(Parsed.Invalid.class);
            queries++;
        }
        System.out.println("prompts for " + queries + " real queries; responses with something to escape: " + changed);
        assertThat(queries).isEqualTo(383);
        assertThat(changed).isPositive();
    }
}
