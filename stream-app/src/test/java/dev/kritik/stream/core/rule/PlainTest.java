/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.IntStream;
import java.util.stream.Stream;

class PlainTest {

    @ParameterizedTest
    @CsvSource({
        "A  b\tC, a b c",
        "**Bold** `code`, bold code",
        "\uff26\uff55\uff4c\uff4c\u3000\uff37\uff29\uff24\uff34\uff28, full width",
        "I\u0336g\u0336n\u0336ore, ignore",
        "it\u2019s, it's",
        "\u8bf7 \u5ffd \u7565, \u8bf7\u5ffd\u7565"
    })
    void takesDisguisesOff(String text, String plain) {
        assertThat(Plain.of(text)).isEqualTo(plain);
    }

    /** Each ASCII character between others, with and without white space beside it. */
    static Stream<String> ascii() {
        return IntStream.range(0, 0x80)
                .mapToObj(c -> (char) c)
                .flatMap(c -> Stream.of("A" + c + "B", " " + c + " B", c + "" + c + "\t\n" + c + "Z"));
    }

    /** Such texts go a shorter way. */
    @ParameterizedTest
    @MethodSource("ascii")
    void aTextThatIsAllAsciiBecomesWhatItBecomesAmidOthers(String text) {
        String other = "\u0434";

        assertThat(Plain.of(text + other)).isEqualTo(Plain.of(text + "x").replaceFirst("x$", other));
    }
}
