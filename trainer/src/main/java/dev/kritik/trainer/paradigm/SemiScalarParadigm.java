/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.text.ChatMessage;
import dev.kritik.schema.Message;
import dev.kritik.worker.parse.Thinking;
import dev.kritik.worker.prompt.BriefForm;

/**
 * Semi-scalar, pointwise: a language model writes a critique of each response alone, k times, and a scalar head reads query,
 * response and critique. A response stands by the mean of its numbers.
 */
public final class SemiScalarParadigm implements Paradigm {

    /** Version of the wording; the name of the file in which it stands. */
    public static final String VERSION = "semi-scalar-v1";

    private static final BriefForm FORM = BriefForm.load(VERSION);

    private final Writer writer;
    private final Rater rater;
    private final int k;

    /** @param k critiques of each response, at least 1 */
    public SemiScalarParadigm(Writer writer, Rater rater, int k) {
        this.writer = writer;
        this.rater = rater;
        this.k = k;
    }

    /**
     * The user's turn that the critique answers.
     *
     * @param reference a correct answer; null when there is none
     */
    public static String prompt(List<Message> messages, String reference, String response) {
        return FORM.user(messages, reference, List.of(response));
    }

    /** What the head reads, and is trained on: that turn, and the critique as the assistant's, thoughts left out. */
    public static List<ChatMessage> turns(String prompt, String critique) {
        return List.of(
                new ChatMessage("user", prompt),
                new ChatMessage("assistant", Thinking.strip(critique).text().strip()));
    }

    @Override
    public CompletableFuture<Judgement> judge(Question question) {
        List<CompletableFuture<Answer<Double>>> answers = new ArrayList<>();
        for (int i = 0; i < question.responses().size(); i++) {
            String id = question.id() + "/" + i;
            String prompt = prompt(
                    question.messages(),
                    question.reference(),
                    question.responses().get(i));
            writer.write(id, prompt, Paradigm.seeds(question, prompt, k)).stream()
                    .map(text -> text.thenCompose(critique -> rate(id, prompt, critique)))
                    .forEach(answers::add);
        }
        return Paradigm.all(answers).thenApply(numbers -> {
            Count count = new Count(question.responses().size());
            for (int at = 0; at < numbers.size(); at++) {
                count.sample(numbers.get(at), 1);
                if (numbers.get(at) instanceof Answer.Given<Double> given) {
                    count.give(at / k, given.value());
                }
            }
            return count.judgement();
        });
    }

    private CompletableFuture<Answer<Double>> rate(String id, String prompt, Answer<Text> critique) {
        return switch (critique) {
            case Answer.None<Text> none ->
                CompletableFuture.completedFuture(
                        new Answer.None<>(none.reason(), none.promptTokens(), none.writtenTokens()));
            case Answer.Given<Text> given -> {
                Thinking.Said said = Thinking.strip(given.value().text());
                if (given.value().truncated() || said.unfinished()) {
                    yield invalid("TRUNCATED", given);
                }
                if (said.text().isBlank()) {
                    yield invalid("EMPTY", given);
                }
                yield rater.rate(id, turns(prompt, said.text())).thenApply(number -> with(given, number));
            }
        };
    }

    private static CompletableFuture<Answer<Double>> invalid(String reason, Answer<Text> critique) {
        return CompletableFuture.completedFuture(
                new Answer.None<>(reason, critique.promptTokens(), critique.writtenTokens()));
    }

    /** The number, with the tokens of both models. */
    private static Answer<Double> with(Answer<Text> critique, Answer<Double> number) {
        long read = critique.promptTokens() + number.promptTokens();
        return switch (number) {
            case Answer.Given<Double> given -> new Answer.Given<>(given.value(), read, critique.writtenTokens());
            case Answer.None<Double> none -> new Answer.None<>(none.reason(), read, critique.writtenTokens());
        };
    }
}
