/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.RewardModel;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.PromptException;

/** A decoder with a scalar head in this process, which its caller closes. */
public final class LocalRater implements Rater {

    private final RewardModel model;

    public LocalRater(RewardModel model) {
        this.model = model;
    }

    @Override
    public CompletableFuture<Answer<Double>> rate(String id, List<ChatMessage> turns) {
        int[] tokens;
        try {
            tokens = model.prompt(turns);
        } catch (PromptException e) {
            return LocalAnswers.none("PROMPT_REFUSED", 0);
        }
        return LocalAnswers.of(
                model.score(id, tokens, Instant.MAX),
                tokens.length,
                score -> new Answer.Given<>(score.doubleValue(), tokens.length, 0));
    }
}
