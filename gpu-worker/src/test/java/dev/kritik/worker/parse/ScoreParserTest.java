/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.kritik.worker.parse.Parsed.Reason;

class ScoreParserTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                // the box, in the shapes that judges give it
                "\\boxed{8, 9} | 8,9",
                "Scores: \\boxed{8, 9} | 8,9",
                "### Output: \\boxed{10, 7} | 10,7",
                "**Scores:** \\boxed{10, 7}. | 10,7",
                "\\boxed{8, 9} and see [1] | 8,9",
                "\\\\boxed{8, 9} | 8,9",
                "\\boxed {8, 9} | 8,9",
                "\\boxed{\\text{8, 9}} | 8,9",
                "\\boxed{\\text{8}, \\text{ 9 }} | 8,9",
                "\\boxed{ \\\\text{8,9} } | 8,9",
                "\\boxed{\\textbf{\\text{8, 9}}} | 8,9",
                "$\\boxed{8.0, 9.00}$ | 8,9",
                "\\boxed{08, 9} | 8,9",
                "\\boxed{８，９} | 8,9",
                "\\boxed{８，１０} | 8,10",
                "\\boxed{\\boxed{8, 9}} | 8,9",
                // the last box of the right size
                "\\boxed{1, 2} no, \\boxed{8, 9} | 8,9",
                "\\boxed{8, 9} as \\boxed{4} said | 8,9",
                "\\boxed{8, 9 \\boxed{7, 6} | 7,6",
                "code { is open \\boxed{8, 9} | 8,9",
                "code } is closed \\boxed{8, 9} | 8,9",
                // thoughts do not count
                "<think>\\boxed{1, 2}</think> \\boxed{8, 9} | 8,9",
                "\\boxed{1, 2}</think> \\boxed{8, 9} | 8,9",
                "<think>a<think>b</think>\\boxed{8, 9} | 8,9",
                // brackets, only on a line of scores
                "Scores: [[2, 4]] | 2,4",
                "Scores: [2, 4] | 2,4",
                "**Final Scores:** [[2, 4]] | 2,4",
                "## final score = [2, 4] of 10 | 2,4",
                "- Scores: [2, 4] | 2,4",
            })
    void readsTheScores(String text, String scores) {
        List<Integer> wanted =
                Arrays.stream(scores.split(",")).map(Integer::valueOf).toList();

        assertThat(ScoreParser.parse(text, wanted.size(), "stop")).isEqualTo(new Parsed.Scores(wanted));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\\boxed{8/10, 9/10} | NOT_NUMERIC",
                "\\boxed{nan, 9} | NOT_NUMERIC",
                "\\boxed{7.5, 9} | NOT_NUMERIC",
                "\\boxed{+8, 9} | NOT_NUMERIC",
                "\\boxed{8, } | NOT_NUMERIC",
                "\\boxed{score 1, score 2} | NOT_NUMERIC",
                "\\boxed{٨, 9} | NOT_NUMERIC",
                "\\boxed{nan, 11} | NOT_NUMERIC",
                "\\boxed{.0, 9} | NOT_NUMERIC",
                "\\boxed{008, 9} | NOT_NUMERIC",
                "\\boxed{[8, 9]} | NOT_NUMERIC",
                "Scores: [a, b] | NOT_NUMERIC",
                "\\boxed{-3, 11} | OUT_OF_RANGE",
                "\\boxed{\u22123, 9} | OUT_OF_RANGE",
                "\\boxed{0, 9} | OUT_OF_RANGE",
                "\\boxed{8, 11} | OUT_OF_RANGE",
                "\\boxed{8, 100} | OUT_OF_RANGE",
                "\\boxed{8, 99999999999999999999} | OUT_OF_RANGE",
                "\\boxed{8} .. \\boxed{9} | COUNT_MISMATCH",
                "\\boxed{8, 9, 7} | COUNT_MISMATCH",
                "\\boxed{} | COUNT_MISMATCH",
                "\\boxed{8; 9} | COUNT_MISMATCH",
                "Scores: [8] | COUNT_MISMATCH",
                "\\boxed{8, 9 | TRUNCATED",
                "\\boxed{ | TRUNCATED",
                "\\boxed{8, 9} better: \\boxed{7, | TRUNCATED",
                "<think>\\boxed{8, 9} | TRUNCATED",
                "\\boxed{8, 9} <think>or else | TRUNCATED",
                "Response 1 is better. | NO_BOX",
                "boxed{8, 9} | NO_BOX",
                "\\_boxed{8, 9} | NO_BOX",
                "\\boxed 8, 9 | NO_BOX",
                "[[2, 4]] | NO_BOX",
                "I give [2, 4] | NO_BOX",
                "My Scores: [2, 4] | NO_BOX",
                "Scores: 8 and 9, see [1, 2] | NO_BOX",
                "Scores: [1, 10] hence [8, 9] | NO_BOX",
                "Scores: 8, 9 | NO_BOX",
                "<think>a</think> | NO_BOX",
            })
    void saysWhyThereAreNoScores(String text, Reason reason) {
        assertThat(ScoreParser.parse(text, 2, null)).isInstanceOfSatisfying(Parsed.Invalid.class, invalid -> {
            assertThat(invalid.reason()).isEqualTo(reason);
            assertThat(invalid.detail()).isNotBlank();
        });
    }

    @Test
    void takesNoScoresFromATextThatMetTheLimitOfTokensEvenWithABox() {
        assertThat(ScoreParser.parse("\\boxed{8, 9}", 2, "length"))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(Reason.TRUNCATED));
    }

    @Test
    void readsASingleScore() {
        assertThat(ScoreParser.parse("Scores: \\boxed{7}", 1, null)).isEqualTo(new Parsed.Scores(List.of(7)));
        assertThat(ScoreParser.parse("", 1, null)).isInstanceOf(Parsed.Invalid.class);
    }

    @Test
    void doesNotReadBracketsAcrossLines() {
        assertThat(ScoreParser.parse("Scores: [8,\n9]", 2, null)).isInstanceOf(Parsed.Invalid.class);
        assertThat(ScoreParser.parse("Scores:\n[8, 9]", 2, null)).isInstanceOf(Parsed.Invalid.class);
        assertThat(ScoreParser.parse("Scores: [8, 9]\r\nNote [1].", 2, null))
                .isEqualTo(new Parsed.Scores(List.of(8, 9)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{",
                "\\boxed{1,",
                "{",
                "}",
                "{}",
                "\\boxed{}",
                "\\text{",
                "\\boxed{\\text{",
                "<think>",
                "</think>",
                "Scores: [",
                "Scores: [[1,",
                "\nfinal scores ",
                "\\",
                "\\boxed{ ",
                "\\boxed ",
                ",",
                "[",
                " ",
                "\u0301",
                "9",
            })
    void takesTimeInProportionWhateverIsRepeated(String piece) {
        // Given: a million characters of it, also closed again, also in a box
        String many = piece.repeat(1_000_000 / piece.length());
        String closed = many + "}".repeat(1_000_000 / piece.length());

        // When / Then: generous for one pass, far too short for a square of it
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String text : List.of(many, closed, "\\boxed{" + many + "}", "\\boxed{" + many + ", 2}")) {
                assertThat(ScoreParser.parse(text, 2, null)).isNotNull();
            }
        });
    }

    @Test
    void neverFailsAndNeverMakesUpScoresForTextsPutTogetherByChance() {
        // Given
        long seed = Long.getLong("kritik.test.seed", System.nanoTime());
        System.out.println("ScoreParserTest seed: " + seed + " (repeat with -Dkritik.test.seed=" + seed + ")");
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "\\boxed",
                "\\",
                "{",
                "}",
                "[",
                "]",
                "[[",
                "]]",
                ",",
                "，",
                "8",
                "10",
                "11",
                "0",
                "-",
                ".0",
                ".5",
                " ",
                "\n",
                "\\text{",
                "Scores:",
                "Final ",
                "<think>",
                "</think>",
                "nan",
                "x",
                "\u200b",
                "\ud800",
                "😀",
                "８",
                "²",
                "\0");

        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(25); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            int n = 1 + random.nextInt(3);

            // When
            Parsed parsed = ScoreParser.parse(text.toString(), n, null);

            // Then
            if (parsed instanceof Parsed.Scores scores) {
                assertThat(scores.values())
                        .as("seed %d, text '%s'", seed, text)
                        .hasSize(n)
                        .allSatisfy(score -> assertThat(score).isBetween(1, 10));
            }
        }
    }

    @Test
    void readsBackWhatAnHonestJudgeWritesForAnyNumberOfResponses() {
        for (int n = 1; n <= 64; n++) {
            List<Integer> scores = Collections.nCopies(n, 1 + n % 10);
            String box = scores.toString().replace("[", "\\boxed{").replace("]", "}");

            assertThat(ScoreParser.parse("Specific Criteria: a\nAnalysis: b\nScores: " + box, n, "stop"))
                    .isEqualTo(new Parsed.Scores(scores));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "the first: \\boxed{1} | 2 | 1",
                "\\boxed{1} no, \\boxed{\\text{2}} | 2 | 2",
                "<think>\\boxed{1}</think> \\boxed{ ２ } | 2 | 2",
                "\\boxed{3} | 3 | 3",
                "\\boxed{3} | 2 | OUT_OF_RANGE",
                "\\boxed{0} | 2 | OUT_OF_RANGE",
                "\\boxed{10} | 2 | OUT_OF_RANGE",
                "\\boxed{A} | 2 | NOT_NUMERIC",
                "\\boxed{1, 2} | 2 | COUNT_MISMATCH",
                "Response 1 is better | 2 | NO_BOX",
                "Scores: [1] | 2 | NO_BOX",
                "\\boxed{1 | 2 | TRUNCATED",
            })
    void readsAChoiceFromABoxAloneOrSaysWhyThereIsNone(String text, int options, String expected) {
        Parsed parsed = ScoreParser.parseChoice(text, options, "stop");

        assertThat(
                        parsed instanceof Parsed.Scores choice
                                ? choice.values().getFirst().toString()
                                : ((Parsed.Invalid) parsed).reason().name())
                .isEqualTo(expected);
    }
}
