/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import dev.kritik.worker.http.Calls;
import dev.kritik.worker.http.ModelServer;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.MetaPrompt;

/**
 * A Meta RM behind vLLM's {@code /classify}: a model with one label, asked with {@code use_activation: false} so that
 * {@code data[0].probs[0]} is the raw logit. The turns are sent as chat messages; the server lays its chat template around
 * them. Fails with a {@link JudgeException}.
 *
 * <p>Needs a vLLM whose {@code /classify} takes {@code messages} and knows {@code use_activation}; an older one that passes
 * over the latter answers with a probability, which all samples share in the worst case. SGLang is no replacement: its
 * {@code /v1/classify} puts a softmax over the labels, so that a model with one label always says 1.0 (its
 * {@code /v1/embeddings} gives the raw number).
 */
public final class VllmMetaRm implements MetaRm {

    private final VllmConfig config;
    private final ModelServer server;
    private final Calls calls;

    /**
     * Opens no connection yet.
     *
     * @param environment gives the value of an environment variable, null when it is not set
     */
    public VllmMetaRm(VllmConfig config, UnaryOperator<String> environment, InstantSource clock) {
        this.config = config;
        this.server = new ModelServer(config.server(), environment, clock);
        this.calls =
                new Calls(() -> new JudgeException(Reason.JUDGE_ERROR, false, "the Meta RM has been closed", null));
    }

    @Override
    public String model() {
        return config.model();
    }

    @Override
    public CompletableFuture<Double> score(Sample sample) {
        return calls.start(
                "meta-" + sample.id(),
                () -> logit(server.post(
                        "/classify",
                        body(sample),
                        new ModelServer.Terms(
                                sample.id(), sample.deadline(), Optional.empty(), false, sample.trace()))));
    }

    private ObjectNode body(Sample sample) {
        MetaPrompt prompt = MetaPrompt.of(sample.messages(), sample.responses(), sample.critique());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", config.model());
        body.put("use_activation", false);
        var messages = body.putArray("messages");
        messages.addObject().put("role", "user").put("content", prompt.user());
        messages.addObject().put("role", "assistant").put("content", prompt.assistant());
        return body;
    }

    private static double logit(ModelServer.Answer answer) {
        JsonNode data = answer.json().path("data");
        JsonNode logits = data.path(0).path("probs");
        if (data.size() != 1 || logits.size() != 1 || !logits.path(0).isNumber()) {
            boolean otherModel = logits.size() > 1;
            throw new JudgeException(
                    Reason.JUDGE_ERROR,
                    !otherModel,
                    otherModel
                            ? "the model has " + logits.size() + " labels; a Meta RM has one"
                            : "the server's answer holds no number at data[0].probs[0]",
                    null,
                    answer.millis());
        }
        double logit = logits.path(0).doubleValue();
        if (!Double.isFinite(logit)) {
            throw new JudgeException(Reason.JUDGE_ERROR, true, "the logit is " + logit, null, answer.millis());
        }
        return logit;
    }

    @Override
    public void close() {
        calls.close();
        server.close();
    }
}
