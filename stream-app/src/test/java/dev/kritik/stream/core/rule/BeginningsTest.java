/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

class BeginningsTest {

    /** RE2 and Java must not differ: what RE2 finds must have been possible. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?: is| it)(?: so)*(?: a)? best\\b",
                "[ ]?(?:is)?[:,]? ?[^\\[.!?]{0,4}b",
                "(?: |<\\|?[a-z_]+\\|?>)*[^ <]",
                "(?:a|b)?(?:[.!,]|$| (?:is|so)\\b)",
                "[ ]?\\pL",
                "[ ]?:.{0,3}\\bs ?:"
            })
    void whatMatchesIsPossible(String pattern) {
        var beginnings = new Beginnings(pattern);
        var re2 = com.google.re2j.Pattern.compile(pattern);
        var random = new Random(7);
        int matches = 0;
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int word = 0; word < 5; word++) {
                text.append(new String[] {" is", " it", " so", " a", " best", ":", "b", "s", "<|x|>", "é", "."}
                        [random.nextInt(11)]);
            }
            if (re2.matcher(text).lookingAt()) {
                matches++;
                assertThat(beginnings.possible(text.toString(), 0))
                        .as("%s", text)
                        .isTrue();
            }
        }
        assertThat(matches).isPositive();
    }

    @Test
    void whatCanNotFollowIsToldWithoutAMatch() {
        var beginnings = new Beginnings(" (?:deserves|merits)\\b");

        assertThat(beginnings.possible("it was late", 2)).isFalse();
        assertThat(beginnings.possible("it was late", 2)).as("remembered").isFalse();
        assertThat(beginnings.possible("it deserves", 2)).isTrue();
        assertThat(beginnings.possible("it d", 2)).as("too short to tell").isTrue();
        assertThat(beginnings.possible("it dé serves", 2)).as("not ASCII").isTrue();
    }
}
