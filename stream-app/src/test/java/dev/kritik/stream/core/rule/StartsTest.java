/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

class StartsTest {

    /** No walk is left out that would have found something. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", " and so on", "!"})
    void anyWordMayStandWhereItStands(String behind) {
        List<String> words = Stream.of(Injection.LINES, SelfPraise.LINES)
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Stream.of(line.split(" :: ", -1)[0].split(" \\| ", -1)))
                .toList();
        Starts starts = new Starts(words);

        assertThat(words).hasSizeGreaterThan(500).allSatisfy(word -> {
            String text = "Well, " + word + behind;
            assertThat(starts.mayStandAt(new Haystack(text), 6)).isTrue();
        });
    }

    @Test
    void otherWordsMayNot() {
        Starts starts = new Starts(List.of("ignore", "it", "\u81f4"));
        String text = "the weather was fine, ignorant, italic, \u81f4\u5bcc";
        Haystack haystack = new Haystack(text);

        assertThat(starts.mayStandAt(haystack, text.indexOf("the"))).isFalse();
        assertThat(starts.mayStandAt(haystack, text.indexOf("weather"))).isFalse();
        assertThat(starts.mayStandAt(haystack, text.indexOf("was"))).isFalse();
        assertThat(starts.mayStandAt(haystack, text.indexOf("ignorant"))).isTrue();
        assertThat(starts.mayStandAt(haystack, text.indexOf("italic"))).isTrue();
        assertThat(starts.mayStandAt(haystack, text.indexOf('\u81f4'))).isTrue();
    }
}
