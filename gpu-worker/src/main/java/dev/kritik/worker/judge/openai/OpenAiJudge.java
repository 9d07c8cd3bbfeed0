/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import dev.kritik.worker.http.Calls;
import dev.kritik.worker.http.ModelServer;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;

/**
 * A judge behind {@code /v1/chat/completions}: vLLM, SGLang, DJL Serving, llama.cpp, Ollama, hosted APIs. One call writes
 * one text ({@code n=1}) with its own seed: the server's prefix cache shares the prompt, and each text can fail and be tried
 * again alone. Thoughts that the server keeps apart ({@code reasoning_content}) are left out of the text.
 */
public final class OpenAiJudge implements Judge {

    /** Name of this kind of judge. */
    public static final String KIND = "openai";

    private final OpenAiConfig config;
    private final ModelServer server;
    private final String path;
    private final Calls calls;

    /**
     * Opens no connection yet.
     *
     * @param environment gives the value of an environment variable, null when it is not set
     */
    public OpenAiJudge(OpenAiConfig config, UnaryOperator<String> environment, InstantSource clock) {
        this.config = config;
        this.server = new ModelServer(config.server(), environment, clock);
        String base = config.server().url().getPath();
        this.path = (base == null || base.isEmpty() ? "/v1" : "") + "/chat/completions";
        this.calls = new Calls(() -> new JudgeException(Reason.JUDGE_ERROR, false, "the judge has been closed", null));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String model() {
        return config.model();
    }

    @Override
    public CompletableFuture<Completion> generate(Generation generation) {
        return calls.start("judge-" + generation.id(), () -> {
            ModelServer.Answer answer = server.post(
                    path,
                    body(generation),
                    new ModelServer.Terms(
                            generation.id(),
                            generation.deadline(),
                            generation.patience(),
                            generation.halves(),
                            generation.trace()));
            return completion(answer);
        });
    }

    @Override
    public boolean away() {
        return server.away();
    }

    private ObjectNode body(Generation generation) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", config.model());
        body.putArray("messages").addObject().put("role", "user").put("content", generation.prompt());
        body.put("n", 1);
        body.put("stream", false);
        body.put("seed", generation.seed());
        body.put("temperature", config.temperature());
        body.put("top_p", config.topP());
        body.put(config.maxTokensField(), config.maxTokens());
        config.extraBody().properties().forEach(field -> {
            if (field.getValue().isNull()) {
                body.remove(field.getKey());
            } else {
                body.set(field.getKey(), field.getValue());
            }
        });
        return body;
    }

    private static Completion completion(ModelServer.Answer answer) {
        JsonNode choice = answer.json().path("choices").path(0);
        JsonNode message = choice.path("message");
        JsonNode content = message.path("content");
        if (!message.isObject() || !(content.isTextual() || content.isNull() || content.isMissingNode())) {
            throw new JudgeException(
                    Reason.JUDGE_ERROR,
                    true,
                    "the server's answer holds no text at choices[0].message.content",
                    null,
                    answer.millis());
        }
        JsonNode finish = choice.path("finish_reason");
        JsonNode usage = answer.json().path("usage");
        return new Completion(
                content.isTextual() ? content.textValue() : "",
                finish.isTextual() ? finish.textValue() : null,
                tokens(usage.path("prompt_tokens")),
                tokens(usage.path("completion_tokens")),
                answer.millis());
    }

    private static Long tokens(JsonNode count) {
        return count.canConvertToExactIntegral() && count.canConvertToLong() && count.longValue() >= 0
                ? count.longValue()
                : null;
    }

    @Override
    public void close() {
        calls.close();
        server.close();
    }
}
