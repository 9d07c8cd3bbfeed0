/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.kritik.trainer.data.Seeds;

/** A way to compare responses. Safe for many threads. */
@FunctionalInterface
public interface Paradigm {

    /**
     * Judges a question. Nothing is tried again: a sample that can't be used is counted as such.
     *
     * @return fails only if a model is broken
     */
    CompletableFuture<Judgement> judge(Question question);

    /** The seeds of the texts to one prompt: the same for the same question and prompt, in any run. */
    static List<Long> seeds(Question question, String prompt, int k) {
        return IntStream.range(0, k)
                .mapToObj(sample -> Seeds.of(Seeds.hash(question.id()), prompt, sample) & Integer.MAX_VALUE)
                .toList();
    }

    /** Collects answers, in their order. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<T> all = new ArrayList<>();
                    answers.forEach(answer -> all.add(answer.join()));
                    return all;
                });
    }
}
