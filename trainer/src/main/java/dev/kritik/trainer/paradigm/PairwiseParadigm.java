/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.schema.Message;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;
import dev.kritik.worker.prompt.BriefForm;

/**
 * Pairwise, generative: a language model reads two responses and writes the number of the better one in a box. Every pair is
 * shown in both orders, k times each, so that no response gains from its place. A response stands by the share of its
 * comparisons that it won; in a single comparison there is no tie, over all of them there may be one.
 */
public final class PairwiseParadigm implements Paradigm {

    /** Version of the wording; the name of the file in which it stands. */
    public static final String VERSION = "pairwise-v1";

    private static final BriefForm FORM = BriefForm.load(VERSION);

    private final Writer writer;
    private final int k;

    /** @param k texts for each pair in each order, at least 1 */
    public PairwiseParadigm(Writer writer, int k) {
        this.writer = writer;
        this.k = k;
    }

    /**
     * The user's turn. The answer to it is a text that ends with <code>\boxed{1}</code> or <code>\boxed{2}</code>.
     *
     * @param reference a correct answer; null when there is none
     */
    public static String prompt(List<Message> messages, String reference, String first, String second) {
        return FORM.user(messages, reference, List.of(first, second));
    }

    @Override
    public CompletableFuture<Judgement> judge(Question question) {
        int n = question.responses().size();
        List<CompletableFuture<Comparison>> comparisons = new ArrayList<>();
        for (int first = 0; first < n; first++) {
            for (int second = 0; second < n; second++) {
                if (first != second) {
                    comparisons.addAll(compare(question, first, second));
                }
            }
        }
        return Paradigm.all(comparisons).thenApply(all -> {
            Count count = new Count(n);
            for (Comparison one : all) {
                count.sample(one.better(), 2);
                if (one.better() instanceof Answer.Given<Integer> given) {
                    count.give(one.first(), given.value() == 1 ? 1 : 0);
                    count.give(one.second(), given.value() == 2 ? 1 : 0);
                }
            }
            return count.judgement();
        });
    }

    /** Two responses in the order shown, and the number of the better one, 1 or 2. */
    private record Comparison(int first, int second, Answer<Integer> better) {}

    private List<CompletableFuture<Comparison>> compare(Question question, int first, int second) {
        String prompt = prompt(
                question.messages(),
                question.reference(),
                question.responses().get(first),
                question.responses().get(second));
        String id = question.id() + "/" + first + "-" + second;
        return writer.write(id, prompt, Paradigm.seeds(question, prompt, k)).stream()
                .map(text -> text.thenApply(answer -> new Comparison(first, second, read(answer))))
                .toList();
    }

    private static Answer<Integer> read(Answer<Text> answer) {
        long read = answer.promptTokens();
        long written = answer.writtenTokens();
        return switch (answer) {
            case Answer.None<Text> none -> new Answer.None<>(none.reason(), read, written);
            case Answer.Given<Text> given ->
                switch (ScoreParser.parseChoice(
                        given.value().text(), 2, given.value().finishReason())) {
                    case Parsed.Scores choice ->
                        new Answer.Given<>(choice.values().getFirst(), read, written);
                    case Parsed.Invalid invalid ->
                        new Answer.None<>(invalid.reason().name(), read, written);
                };
        };
    }
}
