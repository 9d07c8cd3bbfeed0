/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.text.PromptException;
import dev.kritik.lm.text.jinja.TemplateException;
import dev.kritik.trainer.data.DataException;
import dev.kritik.trainer.data.Question;

/**
 * A query with its tokens.
 *
 * @param tokens by the policy's chat template
 */
@SuppressWarnings("ArrayRecordComponent") // lists of boxed tokens would cost ten times the memory
record Prompted(Question question, int[] tokens) {

    /** Queries that fit, and what was left out, in words. */
    record Read(List<Prompted> prompts, String words) {}

    /**
     * Encodes queries.
     *
     * @param most most tokens of a prompt and its response
     * @param response most tokens of a response
     * @throws DataException if none fits
     */
    static Read encode(String what, List<Question> questions, Policy policy, int most, int response) {
        List<Prompted> prompts = new ArrayList<>();
        for (Question question : questions) {
            int[] tokens = tokens(question, policy);
            if (tokens.length + response <= most) {
                prompts.add(new Prompted(question, tokens));
            }
        }
        int left = questions.size() - prompts.size();
        if (prompts.isEmpty()) {
            throw new DataException("all " + left + " " + what + " are too long: with a response of " + response
                    + " tokens (grpo.max.tokens) none fits into " + most);
        }
        return new Read(
                List.copyOf(prompts),
                what + ": " + prompts.size() + " of " + questions.size()
                        + (left == 0
                                ? ""
                                : "; " + left + " left out: with a response of " + response
                                        + " tokens they are longer than " + most));
    }

    private static int[] tokens(Question question, Policy policy) {
        try {
            return policy.prompt(question.messages());
        } catch (PromptException | TemplateException e) {
            throw new DataException(
                    "the query " + question.id() + " can't be put to this policy: " + e.getMessage(), e);
        }
    }
}
