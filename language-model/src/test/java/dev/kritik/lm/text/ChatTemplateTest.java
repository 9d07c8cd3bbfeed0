/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.text.jinja.TemplateException;

class ChatTemplateTest {

    private static final List<ChatMessage> ASK = List.of(new ChatMessage("user", "Hi"));

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama3", "llama3-short", "gemma2", "llama2", "r1", "mixed"})
    void rendersAsTransformersDoes(String name) {
        // Given
        JsonNode all = Fixtures.json("renderings.json");
        ChatTemplate template =
                ChatTemplate.of(Fixtures.text("template-" + name + ".jinja"), Fixtures.texts(all.get("variables")));
        JsonNode cases = all.get("templates").get(name);

        // When, Then
        assertThat(cases.size()).isGreaterThan(30);
        for (JsonNode one : cases) {
            String title = one.get("title").asText();
            List<ChatMessage> messages =
                    Fixtures.messages(all.get("conversations").get(title));
            boolean generate = one.get("generate").asBoolean();
            ChatTemplate complete = template.with(Fixtures.values(one.get("extra")));
            if (one.has("error")) {
                assertThatThrownBy(() -> complete.render(messages, generate))
                        .as(title)
                        .isInstanceOfSatisfying(
                                TemplateException.class,
                                e -> assertThat(e.refused()).isTrue())
                        .hasMessageContaining(one.get("error").asText());
            } else {
                assertThat(complete.render(messages, generate))
                        .as(title)
                        .isEqualTo(one.get("rendered").asText());
            }
        }
    }

    @Test
    void aPromptIsTheSameOnEachDay() {
        // Given
        String jinja = Fixtures.text("template-llama3.jinja");
        Map<String, String> tokens = Map.of("bos_token", "");
        LocalDateTime another = LocalDateTime.of(2026, 3, 7, 15, 4);

        // When, Then
        assertThat(ChatTemplate.of(jinja, tokens).render(ASK, false)).contains("Today: 26 Jul 2024\n");
        assertThat(ChatTemplate.of(jinja, tokens, another).render(ASK, false)).contains("Today: 07 Mar 2026\n");
        assertThat(ChatTemplate.of(jinja, tokens)
                        .with(Map.of("date_string", "1 May 2025"))
                        .render(ASK, false))
                .contains("Today: 1 May 2025\n");
    }
}
