/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.kritik.lm.text.ChatMessage;
import dev.kritik.schema.Message;
import dev.kritik.worker.prompt.BriefForm;
import dev.kritik.worker.prompt.Escape;

/** Scalar, pointwise: a scalar head reads each response alone. One number a response; there is nothing to sample. */
public final class ScalarParadigm implements Paradigm {

    /** Version of the wording; the name of the file in which it stands. */
    public static final String VERSION = "scalar-v1";

    private static final BriefForm FORM = BriefForm.load(VERSION);

    private final Rater rater;

    public ScalarParadigm(Rater rater) {
        this.rater = rater;
    }

    /**
     * What the head reads, and is trained on: the conversation as a user's turn, the response as the assistant's, escaped like
     * all texts to be judged.
     *
     * @param reference a correct answer; null when there is none
     */
    public static List<ChatMessage> turns(List<Message> messages, String reference, String response) {
        return List.of(
                new ChatMessage("user", FORM.user(messages, reference, List.of())),
                new ChatMessage("assistant", Escape.text(response)));
    }

    @Override
    public CompletableFuture<Judgement> judge(Question question) {
        List<CompletableFuture<Answer<Double>>> answers = IntStream.range(
                        0, question.responses().size())
                .mapToObj(i -> rater.rate(
                        question.id() + "/" + i,
                        turns(
                                question.messages(),
                                question.reference(),
                                question.responses().get(i))))
                .toList();
        return Paradigm.all(answers).thenApply(numbers -> {
            Count count = new Count(numbers.size());
            for (int i = 0; i < numbers.size(); i++) {
                count.sample(numbers.get(i), 1);
                if (numbers.get(i) instanceof Answer.Given<Double> given) {
                    count.give(i, given.value());
                }
            }
            return count.judgement();
        });
    }
}
