/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.stream.Collectors;

import dev.kritik.ops.judge.Recording.Question;

/** The JSON of the OpenAI chat API and of vLLM's {@code /classify}, as far as a recorded judge speaks them. */
final class Wire {

    /** Says in every answer that no model wrote it. */
    static final String FINGERPRINT = "kritik-recorded-judge";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Wire() {}

    /**
     * Reads a request: of a chat, or of a classification ({@code input} or {@code messages}).
     *
     * @throws IOException if it is no JSON
     * @throws IllegalArgumentException if it asks for something that is not there
     */
    static Question question(byte[] body, SampleId sample) throws IOException {
        JsonNode request = JSON.readTree(body);
        if (request.path("stream").asBoolean()) {
            throw new IllegalArgumentException("a recorded judge does not stream: leave out \"stream\"");
        }
        if (request.path("n").asInt(1) != 1) {
            throw new IllegalArgumentException("a recorded judge writes one text a request: leave out \"n\"");
        }
        String prompt = request.has("input")
                ? request.get("input").asText()
                : request.path("messages")
                        .valueStream()
                        .map(message -> content(message.path("content")))
                        .collect(Collectors.joining("\n"));
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("there is no text in \"messages\" or \"input\"");
        }
        return new Question(
                request.path("model").asText(),
                prompt,
                sample,
                request.path("seed").asLong());
    }

    private static String content(JsonNode content) {
        return content.isArray()
                ? content.valueStream().map(part -> part.path("text").asText()).collect(Collectors.joining())
                : content.asText();
    }

    static byte[] chat(String model, Recording.Text text) throws IOException {
        ObjectNode answer = JSON.createObjectNode()
                .put("id", "recorded")
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", model)
                .put("system_fingerprint", FINGERPRINT);
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", text.finishReason());
        choice.putObject("message").put("role", "assistant").put("content", text.text());
        if (text.promptTokens() != null && text.completionTokens() != null) {
            answer.putObject("usage")
                    .put("prompt_tokens", text.promptTokens())
                    .put("completion_tokens", text.completionTokens())
                    .put("total_tokens", text.promptTokens() + text.completionTokens());
        }
        return JSON.writeValueAsBytes(answer);
    }

    static byte[] classification(String model, double logit) throws IOException {
        ObjectNode answer = JSON.createObjectNode()
                .put("id", "recorded")
                .put("object", "list")
                .put("model", model)
                .put("system_fingerprint", FINGERPRINT);
        ObjectNode item = answer.putArray("data").addObject();
        item.put("index", 0).put("label", "LABEL_0").put("num_classes", 1);
        item.putArray("probs").add(logit);
        return JSON.writeValueAsBytes(answer);
    }

    static byte[] models(Recording recording) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("object", "list");
        var data = answer.putArray("data");
        for (String model : recording.models()) {
            data.addObject().put("id", model).put("object", "model").put("owned_by", FINGERPRINT);
        }
        return JSON.writeValueAsBytes(answer);
    }

    static byte[] health(Recording recording) throws IOException {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("status", "ok")
                .put("judge", FINGERPRINT + ": no model, " + recording.about()));
    }

    static byte[] stats(Stats stats) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("requests", stats.requests());
        ObjectNode outcomes = answer.putObject("outcomes");
        stats.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
        answer.put("in_service", stats.inService())
                .put("most_in_service", stats.mostInService())
                .put("waiting", stats.waiting());
        return JSON.writeValueAsBytes(answer);
    }

    static byte[] error(int status, String message) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error")
                .put("message", message)
                .put("type", FINGERPRINT)
                .put("code", status);
        return JSON.writeValueAsBytes(answer);
    }
}
