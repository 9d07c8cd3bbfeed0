/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.PromptException;

/** A language model in this process, which its caller closes. */
public final class LocalWriter implements Writer {

    private final LanguageModel model;
    private final Sampling sampling;

    public LocalWriter(LanguageModel model, Sampling sampling) {
        this.model = model;
        this.sampling = sampling;
    }

    @Override
    public List<CompletableFuture<Answer<Text>>> write(String id, String prompt, List<Long> seeds) {
        int[] tokens;
        try {
            tokens = model.prompt(List.of(new ChatMessage("user", prompt)));
        } catch (PromptException e) {
            return seeds.stream()
                    .map(seed -> LocalAnswers.<Text>none("PROMPT_REFUSED", 0))
                    .toList();
        }
        return seeds.stream()
                .map(seed -> LocalAnswers.of(
                        model.generate(new GenerateRequest(id, tokens, sampling, seed, Instant.MAX)),
                        tokens.length,
                        LocalWriter::text))
                .toList();
    }

    private static Answer<Text> text(Generated generated) {
        return new Answer.Given<>(
                new Text(generated.text(), generated.finish() == Generated.Finish.LENGTH),
                generated.promptTokens(),
                generated.tokens().length);
    }
}
