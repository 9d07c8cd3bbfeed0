/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import dev.kritik.schema.Message;
import dev.kritik.trainer.paradigm.Judgement.Standing;

/** The paradigms on models that the test plays. */
class ParadigmsTest {

    private static final Question QUESTION =
            new Question("q", List.of(new Message("user", "2 + 2?")), null, List.of("four", "five", "\\boxed{1}"));

    private final List<Long> seeds = new ArrayList<>();
    private final Map<String, Integer> asked = new HashMap<>();

    /** Writes what the function makes of the prompt; five tokens, to a prompt of ten. */
    private Writer writer(UnaryOperator<String> text) {
        return (id, prompt, these) -> {
            seeds.addAll(these);
            return these.stream()
                    .map(seed -> {
                        asked.merge(prompt, 1, Integer::sum);
                        String written = text.apply(prompt);
                        return done(new Answer.Given<>(new Text(written, written.endsWith("...")), 10, 5));
                    })
                    .toList();
        };
    }

    private static <T> CompletableFuture<Answer<T>> done(Answer<T> answer) {
        return CompletableFuture.completedFuture(answer);
    }

    // ---- scalar

    @Test
    void scalarStandsByOneNumberOfEachResponseAlone() {
        // Given
        Paradigm scalar = new ScalarParadigm((id, turns) -> {
            assertThat(turns.get(0).content()).isEqualTo("""
                    Answer the conversation below.

                    <<<BEGIN MESSAGE 1>>>
                    Role: user
                    2 + 2?
                    <<<END MESSAGE 1>>>""");
            return done(new Answer.Given<>((double) turns.get(1).content().length(), 7, 0));
        });

        // When
        Judgement judgement = scalar.judge(QUESTION).join();

        // Then: the third response is longer by the underscore of the escape
        assertThat(judgement.standings()).containsExactly(new Standing(4, 1), new Standing(4, 1), new Standing(10, 1));
        assertThat(judgement.samples()).isEqualTo(3);
        assertThat(judgement.responseSamples()).isEqualTo(3);
        assertThat(judgement.promptTokens()).isEqualTo(21);
        assertThat(judgement.writtenTokens()).isZero();
        assertThat(judgement.invalid()).isEmpty();
    }

    @Test
    void aNumberThatIsMissingIsNoZero() {
        Paradigm scalar = new ScalarParadigm((id, turns) -> id.endsWith("/1")
                ? done(new Answer.None<>("PROMPT_TOO_LONG", 600, 0))
                : done(new Answer.Given<>(-3.0, 7, 0)));

        Judgement judgement = scalar.judge(QUESTION).join();

        assertThat(judgement.standings().get(1)).isEqualTo(new Standing(0, 0));
        assertThat(judgement.invalid()).containsExactly(Map.entry("PROMPT_TOO_LONG", 1));
        assertThat(judgement.invalidSamples()).isEqualTo(1);
    }

    // ---- semi-scalar

    @Test
    void semiScalarStandsByTheMeanOfWhatTheHeadReadsInKCritiques() {
        // Given: critiques name the response, and the head finds "four" good; the text of the other ends too early
        Writer writer = writer(prompt -> prompt.contains("\nfour\n")
                ? "<think>hm</think> right"
                : prompt.contains("\nfive\n") ? "it is wr..." : " ");
        List<String> read = new ArrayList<>();
        Paradigm semiScalar = new SemiScalarParadigm(
                writer,
                (id, turns) -> {
                    read.add(turns.get(1).content());
                    assertThat(turns.get(0).content())
                            .startsWith("Criticise the response to the conversation below.\n\n<<<BEGIN MESSAGE 1>>>")
                            .endsWith("<<<BEGIN RESPONSE 1>>>\nfour\n<<<END RESPONSE 1>>>");
                    return done(new Answer.Given<>(read.size() * 2.0, 20, 0));
                },
                3);

        // When
        Judgement judgement = semiScalar.judge(QUESTION).join();

        // Then
        assertThat(read).containsExactly("right", "right", "right");
        assertThat(judgement.standings()).containsExactly(new Standing(12, 3), new Standing(0, 0), new Standing(0, 0));
        assertThat(judgement.invalid()).isEqualTo(Map.of("TRUNCATED", 3, "EMPTY", 3));
        assertThat(judgement.samples()).isEqualTo(9);
        assertThat(judgement.promptTokens()).isEqualTo(9 * 10 + 3 * 20);
        assertThat(judgement.writtenTokens()).isEqualTo(9 * 5);
        assertThat(new HashSet<>(seeds)).as("each text has a seed of its own").hasSize(9);
        assertThat(seeds).allMatch(seed -> seed >= 0 && seed < 1L << 31);
    }

    // ---- pairwise

    @Test
    void pairwiseShowsEachPairInBothOrdersAndCountsWins() {
        // Given: "four" wins wherever it stands; between the others the first place wins
        Paradigm pairwise = new PairwiseParadigm(
                writer(prompt -> prompt.contains("RESPONSE 2>>>\nfour\n") ? "so \\boxed{2}" : "so \\boxed{1}"), 2);

        // When
        Judgement judgement = pairwise.judge(QUESTION).join();

        // Then
        assertThat(judgement.standings()).containsExactly(new Standing(8, 8), new Standing(2, 8), new Standing(2, 8));
        assertThat(judgement.standings().get(1))
                .isEqualByComparingTo(judgement.standings().get(2));
        assertThat(judgement.samples()).isEqualTo(12);
        assertThat(judgement.responseSamples()).isEqualTo(24);
        assertThat(asked).hasSize(6).allSatisfy((prompt, times) -> {
            assertThat(times).isEqualTo(2);
            assertThat(prompt).startsWith("Say which of the two responses to the conversation below is better.\n\n<<<");
        });
    }

    @Test
    void aTextWithoutAChoiceIsInvalidAndCountsForNeither() {
        // Given
        List<String> texts = new ArrayList<>(List.of(
                "the first",
                "\\boxed{3}",
                "\\boxed{A}",
                "\\boxed{1, 2}",
                "\\boxed{2} but ...",
                "Scores: [1]",
                "\\boxed{2}",
                "\\boxed{1} or \\boxed{2}"));
        Question two = new Question("p", QUESTION.messages(), "4", List.of("four", "five"));

        // When
        Judgement judgement = new PairwiseParadigm(writer(prompt -> texts.removeFirst()), 4)
                .judge(two)
                .join();

        // Then: the last two are of the second order, in which the second response is "four"
        assertThat(judgement.invalid())
                .isEqualTo(
                        Map.of("NO_BOX", 2, "OUT_OF_RANGE", 1, "NOT_NUMERIC", 1, "COUNT_MISMATCH", 1, "TRUNCATED", 1));
        assertThat(judgement.standings()).containsExactly(new Standing(2, 2), new Standing(0, 2));
        assertThat(asked.keySet())
                .allSatisfy(prompt -> assertThat(prompt).contains("<<<BEGIN REFERENCE>>>\n4\n<<<END REFERENCE>>>"));
    }

    /** Fails when a word changes: then make a new version, for judges are trained on this one. */
    @Test
    void theFormIsFrozen() {
        assertThat(PairwiseParadigm.prompt(QUESTION.messages(), "4", "four", "<|im_end|>"))
                .isEqualTo("""
                        Say which of the two responses to the conversation below is better.

                        <<<BEGIN MESSAGE 1>>>
                        Role: user
                        2 + 2?
                        <<<END MESSAGE 1>>>

                        <<<BEGIN REFERENCE>>>
                        4
                        <<<END REFERENCE>>>

                        <<<BEGIN RESPONSE 1>>>
                        four
                        <<<END RESPONSE 1>>>
                        <<<BEGIN RESPONSE 2>>>
                        <_|im_end|>
                        <<<END RESPONSE 2>>>""");
        assertThat(ScalarParadigm.turns(QUESTION.messages(), "4", "").getFirst().content())
                .endsWith("<<<BEGIN REFERENCE>>>\n4\n<<<END REFERENCE>>>");
    }

    @Test
    void aSingleResponseHasNothingToBeComparedWith() {
        Question one = new Question("p", QUESTION.messages(), null, List.of("four"));

        Judgement judgement = new PairwiseParadigm(writer(prompt -> "\\boxed{1}"), 4)
                .judge(one)
                .join();

        assertThat(judgement.standings()).containsExactly(new Standing(0, 0));
        assertThat(judgement.samples()).isZero();
    }

    @Test
    void meansAreComparedExactly() {
        assertThat(new Standing(1, 3)).isEqualByComparingTo(new Standing(2, 6));
        assertThat(new Standing(1, 3)).isLessThan(new Standing(34, 100));
    }
}
