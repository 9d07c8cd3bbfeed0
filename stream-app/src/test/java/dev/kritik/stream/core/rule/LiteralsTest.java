/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.curiousoddman.rgxgen.RgxGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class LiteralsTest {

    private static final int TEXTS = 300;

    /** What may follow a start, of all phrases that there are. */
    static Stream<String> patterns() {
        return Stream.of(Injection.LINES, SelfPraise.LINES)
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" :: ", -1))
                .filter(parts -> parts.length > 1 && !parts[1].isEmpty())
                .map(parts -> parts[1]);
    }

    /** No look by a pattern is left out that would have found something. */
    @ParameterizedTest
    @MethodSource("patterns")
    void oneOfTheLiteralsStandsInAllThatMatches(String pattern) {
        Set<String> literals = Literals.of(pattern);
        var re2 = com.google.re2j.Pattern.compile(pattern);
        var texts = RgxGen.parse(pattern);
        var random = new Random(11);

        int matches = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.generate(random);
            if (re2.matcher(text).lookingAt()) {
                matches++;
                if (!literals.isEmpty()) {
                    var haystack = new Haystack(text);
                    assertThat(literals).as("%s", text).anyMatch(text::contains);
                    assertThat(literals)
                            .as("%s", text)
                            .filteredOn(text::contains)
                            .allMatch(literal -> haystack.mayHave(Grams.hashes(literal)));
                }
            }
        }
        assertThat(matches).isPositive();
    }

    @Test
    void mostPatternsHaveLiterals() {
        List<String> patterns = patterns().toList();

        assertThat(patterns.stream().filter(pattern -> !Literals.of(pattern).isEmpty()))
                .hasSizeGreaterThan(patterns.size() / 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(?: all)? (?:judges?|graders?)\\b ; judge,grader",
                "abcd(?:efgh|ijklm) ; abcd",
                "abcd(?:efghi|ijklm) ; efghi,ijklm",
                "(?:abcd|efghi)? ?xyzw ; xyzw",
                "(?:abcd|efghi){0,2}xyzw ; xyzw",
                "(?:abcd|efghi){1,2}xyz ; abcd,efghi",
                "abcd|efgh ; abcd,efgh",
                "abcd?e ; ''",
                "(?:abcd|ef) ; ''",
                "[abcd]efg ; ''",
                "[]abcd][^]efgh][\\]x]\\.\\?xy ; .?xy",
                "\\babcd\\b.\\pLefgh5 ; efgh5"
            })
    void findsTheLongest(String pattern, String literals) {
        assertThat(String.join(",", new java.util.TreeSet<>(Literals.of(pattern)).descendingSet()))
                .isEqualTo(String.join(",", new java.util.TreeSet<>(Set.of(literals.split(","))).descendingSet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(abcd)", "(?i)abcd", "abcd)", "(?:abcd", "[abcd", "\\Aabcd", "+abcd", "(?:a|b"})
    void otherSyntaxIsAnError(String pattern) {
        assertThatThrownBy(() -> Literals.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void aHaystackTellsWhatIsMissing() {
        var haystack = new Haystack("nothing to see here");

        assertThat(haystack.mayHave(Grams.hashes("judge"))).isFalse();
        assertThat(haystack.mayHave(Grams.hashes("grader"))).isFalse();
        assertThat(haystack.mayHave(Grams.hashes("to see"))).isTrue();
        assertThat(new Haystack("abc").mayHave(Grams.hashes("abcd"))).isFalse();
    }
}
