/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

class QuantityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42",
                "The answer is 42. | 42",
                "First 1, then 2, at last 3. | 3",
                "-5 | -5",
                "x = -5 | -5",
                "\u22125 degrees | -5",
                "+7 | 7",
                "10-5 | 5",
                "pages 3-5 | 5",
                "3.14 | 3.14",
                "about .5 of it | 0.5",
                "1,234,567.89 | 1234567.89",
                "1,2345 | 2345",
                "1{,}234 | 1234",
                "12\\,345 | 12345",
                "3/4 | 0.75",
                "1 3/4 | 1.75",
                "-1 3/4 | -1.75",
                "\u00bd | 0.5",
                "2\u00bd cups | 2.5",
                "\\frac{3}{4} | 0.75",
                "-\\dfrac{1}{8} | -0.125",
                "\\frac12 | 0.5",
                "1.5e3 | 1500",
                "2E-2 | 0.02",
                "1.5 \u00d7 10^3 | 1500",
                "1.5 \\times 10^{3} | 1500",
                "10^5 | 100000",
                "10\u2075 | 100000",
                "2 \u00b7 10\u207b\u00b2 | 0.02",
                "\uff14\uff12 | 42",
                "it is 5 m\u00b2 | 5",
                "\\boxed{42} and see line 7 | 42",
                "\\boxed{1} no, \\boxed{2} | 2",
                "\\boxed{\\boxed{3}} | 3",
                "\\boxed {8} | 8",
                "\\boxed{x = 5} | 5",
                "\\boxed{\\text{5 km}} | 5",
                "\\boxed{5\\text{ km}} | 5",
                "\\boxed{12 \\text{ m}^2} | 12",
                "\\boxed{\\$1,500} | 1500",
                "\\boxed{-\\frac{3}{4}} | -0.75",
                "\\boxed{90^\\circ} | 90",
                "\\boxed{5\\,km} | 5",
                "\\boxed{0} | 0",
                "\\boxed{42 | 42",
                "it costs -$5 | -5",
                "\u2013$5 | -5",
                "-\\$1,500 | -1500",
                "-\u20ac5.50 | -5.5",
                "$-5$ | -5",
                "$x$-$5$ | 5",
                "from $3-$5 | 5",
                "\u20135 degrees | -5",
                "\u20105 degrees | -5",
                "pages 3\u20135 | 5",
                "pages 3--5 | 5",
                "so \u2212\u00bd | -0.5",
                "- 5 apples | 5",
                "\\frac{-1}{2} | -0.5",
                "-\\frac{-1}{2} | 0.5",
                "\\boxed{-$5} | -5",
                "\\boxed{\u22125} | -5",
                "\\boxed{\u20135} | -5",
                "\\boxed{\\frac{-1}{2}} | -0.5",
                "\\boxed{-\\frac{1}{2}} | -0.5",
                "\\boxed{- \\frac{1}{2}} | -0.5",
                "\\boxed{x = - \\dfrac{ 1 }{ 2 }} | -0.5",
            })
    void readsTheAnswer(String text, double value) {
        assertIs(Quantity.answer(text), value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no number here",
                "five",
                "H2O",
                "\\boxed{\\text{none}} of the 5",
                "\\boxed{3, 4}",
                "\\boxed{2\\sqrt{3}}",
                "\\boxed{\\sqrt{2}}",
                "\\boxed{5x}",
                "\\boxed{5 x}",
                "\\boxed{(1, 2)}",
                "\\boxed{10-5}",
                "\\boxed{10 - 5}",
                "\\boxed{x - 5}",
                "\\boxed{--5}",
                "\\boxed{}",
                "1e999",
                "10^999",
                "3/0",
            })
    void doesNotGuessWhereNothingCanBeRead(String text) {
        assertThat(Quantity.answer(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42",
                "' -42.50\n' | -42.5",
                "-$1,500 | -1500",
                "\u20135 \u00b0C | -5",
                "50 % | 50",
                "3/4 | 0.75",
                "12 km per hour. | 12",
                "x = 5 | 5",
                "Answer: 5 | 5",
                "$\\frac{1}{2}$ | 0.5",
                "\\(42\\) | 42",
                "#### 42 | 42",
                "'48 / 2 = 24 and 24 + 48 = 72\n#### 72' | 72",
                "We have 3, so \\boxed{4} in 5 cases | 4",
            })
    void readsAKnownAnswer(String text, double value) {
        assertIs(Quantity.known(text), value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Paris",
                "Paris (founded 250 BC)",
                "The treaty was signed in 1648.",
                "It is 3 or 4",
                "3, 4",
                "2020-01-01",
                "B2",
                "72 is it, no: #### none",
                "#### 3 and 4",
                "4, or \\boxed{\\text{none}}",
            })
    void aTextWithANumberInItIsNoKnownAnswer(String text) {
        assertThat(Quantity.known(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42.0 | true",
                "0.3333333 | 1/3 | true",
                "0.333 | 1/3 | false",
                "1000000 | 1000001 | false",
                "1000000.0 | 1000000.5 | true",
                "50 % | 50 | true",
                "50 % | 0.5 | true",
                "0.5 | 50 % | true",
                "50 % | 5000 % | false",
                "50 % | 50 % | true",
                "0 | -0 | true",
                "0 | 0.0000001 | false",
                "-5 | 5 | false",
            })
    void comparesAsTheyAreWritten(String one, String other, boolean equal) {
        Quantity first = Quantity.answer(one).orElseThrow();
        Quantity second = Quantity.answer(other).orElseThrow();

        assertThat(first.equal(second, null)).isEqualTo(equal);
        assertThat(second.equal(first, null)).isEqualTo(equal);
    }

    @Test
    void keepsToTheToleranceThatIsGiven() {
        Quantity hundred = Quantity.answer("100").orElseThrow();

        assertThat(hundred.equal(Quantity.answer("101").orElseThrow(), 0.01)).isTrue();
        assertThat(hundred.equal(Quantity.answer("102").orElseThrow(), 0.01)).isFalse();
        assertThat(hundred.equal(Quantity.answer("100.00001").orElseThrow(), 0.0))
                .isFalse();
    }

    @Test
    void readsTheLongestTextsInShortTime() {
        // Given: what could be read in many ways, at the largest size that is taken
        for (String unit : new String[] {"1", "1,234", "1 ", "1/", "\\boxed{", "\\boxed{1", "e1", ".1", "\\frac{1"}) {
            String text = unit.repeat((256 << 10) / unit.length());
            long start = System.nanoTime();

            // When
            Quantity.answer(text);

            // Then: linear, so far below this on any machine
            assertThat(System.nanoTime() - start).as("%s", unit).isLessThan(10_000_000_000L);
        }
    }

    private static void assertIs(Optional<Quantity> read, double value) {
        assertThat(read)
                .hasValueSatisfying(
                        quantity -> assertThat(quantity.value().doubleValue()).isEqualTo(value));
    }
}
