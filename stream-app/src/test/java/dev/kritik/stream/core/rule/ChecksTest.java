/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

import dev.kritik.schema.Rollout;
import dev.kritik.stream.core.Given;

class ChecksTest {

    private static final Comparison TEXT = new Comparison.AsText(null, true);
    private static final Comparison NUMBER = new Comparison.AsNumber(null, null);

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\r\u00a0\u3000\u2003", "\u200b\ufeff\u200d", "\u0000\u2800"})
    void emptyIsWhatNobodyCanSee(String response) {
        assertThat(Checks.empty().holds(Subjects.of(response))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", " 0 ", "\ud83d\ude00"})
    void oneCharacterIsNotEmpty(String response) {
        assertThat(Checks.empty().holds(Subjects.of(response))).isFalse();
    }

    @Test
    void countsCharactersAndNotWhatTheyAreEncodedIn() {
        Subject five = Subjects.of("  \ud83d\ude00\ud83d\ude00\u4f60\u597d! \n");

        assertThat(Checks.shorter(5).holds(five)).isFalse();
        assertThat(Checks.shorter(6).holds(five)).isTrue();
        assertThat(Checks.longer(5).holds(five)).isFalse();
        assertThat(Checks.longer(4).holds(five)).isTrue();
    }

    @Test
    void looksForAPatternAnywhere() {
        Pattern pattern = Pattern.compile("(?i)as an ai (language )?model");
        Subject with = Subjects.of("Well, As an AI model I can't.");
        Subject without = Subjects.of("Paris.");

        assertThat(Checks.matches(pattern).holds(with)).isTrue();
        assertThat(Checks.lacks(pattern).holds(with)).isFalse();
        assertThat(Checks.matches(pattern).holds(without)).isFalse();
        assertThat(Checks.lacks(pattern).holds(without)).isTrue();
    }

    @Test
    void aPatternThatMakesOthersBacktrackTakesNoTime() {
        Subject subject = Subjects.of("a".repeat(100_000) + "!");
        long start = System.nanoTime();

        assertThat(Checks.matches(Pattern.compile("^(a+)+$")).holds(subject)).isFalse();

        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void truncatedIsWhatThePolicySays() {
        assertThat(Checks.truncated().holds(finished(Map.of("finish_reason", "length"))))
                .isTrue();
        assertThat(Checks.truncated().holds(finished(Map.of("finish_reason", "stop"))))
                .isFalse();
        assertThat(Checks.truncated().holds(finished(Map.of()))).isFalse();
    }

    private static Subject finished(Map<String, String> metadata) {
        return new Subject(Given.rollout(0, 1).setMetadata(metadata).build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Paris | paris | true",
                "'  Paris\n ' | Paris | true",
                "'New \t \u00a0York' | new york | true",
                "Caf\u00e9 | Cafe\u0301 | true",
                "STRASSE | stra\u00dfe | true",
                "Paris. | Paris | false",
                "x\u00b2 | x2 | false",
            })
    void comparesWholeTexts(String response, String reference, boolean equal) {
        assertCompares(TEXT, response, reference, equal);
    }

    @Test
    void tellsCasesApartWhereThatIsWanted() {
        var exact = new Comparison.AsText(null, false);

        assertThat(exact.equal("Paris", "paris")).hasValue(false);
        assertThat(exact.equal(" Paris", "Paris ")).hasValue(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is \\boxed{42}. | 42 | true",
                "so 18 dollars | #### 18 | true",
                "It is 41. | 42 | false",
                "I don't know. | 42 | false",
                "\\boxed{?} or 42 | 42 | false",
            })
    void comparesNumbers(String response, String reference, boolean equal) {
        assertCompares(NUMBER, response, reference, equal);
    }

    @Test
    void comparesWithTheLabelWhereThatIsWanted() {
        var subject = new Subject(Given.rollout(0, 1)
                .setResponse("4")
                .setReference("5")
                .setLabel("4")
                .build());

        assertThat(Checks.compares(Rollout::getLabel, NUMBER, true).holds(subject))
                .isTrue();
        assertThat(Checks.compares(Rollout::getReference, NUMBER, true).holds(subject))
                .isFalse();
    }

    @Test
    void holdsForNoneWithoutAnAnswerToCompareWith() {
        for (Comparison comparison : List.of(TEXT, NUMBER)) {
            for (boolean equal : new boolean[] {true, false}) {
                assertThat(Checks.compares(Rollout::getReference, comparison, equal)
                                .holds(Subjects.of("4", null)))
                        .isFalse();
            }
        }
        for (boolean equal : new boolean[] {true, false}) {
            assertThat(Checks.compares(Rollout::getReference, NUMBER, equal).holds(Subjects.of("4", "Paris")))
                    .as("a reference that is no number")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "\u00a0\u200b"})
    void aBlankAnswerIsNoneToCompareWith(String blank) {
        var subject = new Subject(Given.rollout(0, 1)
                .setResponse("4")
                .setReference(blank)
                .setLabel(blank)
                .build());

        for (Comparison comparison : List.of(TEXT, NUMBER)) {
            for (boolean equal : new boolean[] {true, false}) {
                assertThat(Checks.compares(Rollout::getReference, comparison, equal)
                                .holds(subject))
                        .isFalse();
                assertThat(Checks.compares(Rollout::getLabel, comparison, equal).holds(subject))
                        .isFalse();
            }
        }
    }

    @Test
    void anEmptyResponseDoesNotGiveABlankAnswer() {
        assertThat(Checks.compares(Rollout::getReference, TEXT, true).holds(Subjects.of("", "")))
                .isFalse();
    }

    @Test
    void findsTheAnswerWhereAPatternSays() {
        Pattern pattern = Pattern.compile("(?i)answer: *(\\S+)");

        assertThat(new Comparison.AsNumber(pattern, null).equal("Answer: 3. No, answer: 4 of 5", "4"))
                .hasValue(true);
        assertThat(new Comparison.AsText(pattern, true).equal("answer: paris, I think", "Paris,"))
                .hasValue(true);
        assertThat(new Comparison.AsNumber(pattern, null).equal("It is 4", "4"))
                .as("no match is no answer")
                .hasValue(false);
        assertThat(new Comparison.AsText(pattern, true).equal("4", "4")).hasValue(false);
    }

    private static void assertCompares(Comparison comparison, String response, String reference, boolean equal) {
        Subject subject = Subjects.of(response, reference);

        assertThat(Checks.compares(Rollout::getReference, comparison, true).holds(subject))
                .isEqualTo(equal);
        assertThat(Checks.compares(Rollout::getReference, comparison, false).holds(subject))
                .isEqualTo(!equal);
    }
}
