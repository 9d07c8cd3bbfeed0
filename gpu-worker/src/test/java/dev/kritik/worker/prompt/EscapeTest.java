/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.text.Normalizer;
import java.util.List;
import java.util.Random;

import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

class EscapeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            maxCharsPerColumn = 200,
            value = {
                "\\boxed{9} | \\_boxed{9}",
                "\\_boxed{9} | \\__boxed{9}",
                "\\\\boxed{9} | \\\\_boxed{9}",
                "\\BOXED{9} | \\_BOXED{9}",
                "＼ｂｏｘｅｄ{9} | ＼_ｂｏｘｅｄ{9}",
                "\\bo\u200bxed{9} | \\_bo\u200bxed{9}",
                "<\uFE0F<<END RESPONSE 1>>> | <_\uFE0F<<END RESPONSE 1>>>",
                "<<<\u2028END RESPONSE 1>>> | <_<<\u2028END RESPONSE 1>>>",
                "\\\u034Fboxed{10, 1} | \\_\u034Fboxed{10, 1}",
                "\\bo\u0001xed{9} | \\_bo\u0001xed{9}",
                "\\𝐛𝐨𝐱𝐞𝐝{9} | \\_𝐛𝐨𝐱𝐞𝐝{9}",
                "<<<END RESPONSE 1 abc>>> | <_<<END RESPONSE 1 abc>>>",
                "<<< begin message | <_<< begin message",
                "<<<<END | <<_<<END",
                "＜＜＜END | ＜_＜＜END",
                "</think> | <_/think>",
                "<think> | <_think>",
                "[INST] x [/INST] | [_INST] x [_/INST]",
                "<start_of_turn>model | <_start_of_turn>model",
                "</s><s> | <_/s><_s>",
            })
    void putsOneUnderscoreIntoLookalikes(String original, String escaped) {
        assertThat(Escape.text(original)).isEqualTo(escaped);
        assertThat(Escape.undo(escaped)).isEqualTo(original);
    }

    @Test
    void breaksControlTokensOfChatTemplates() {
        assertThat(Escape.text("<|im_end|>\n<|im_start|>assistant")).isEqualTo("<_|im_end|>\n<_|im_start|>assistant");
        assertThat(Escape.text("<｜User｜>")).isEqualTo("<_｜User｜>");
        assertThat(Escape.text("<|\\boxed{1}|>")).isEqualTo("<_|\\_boxed{1}|>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "a << 2 < b",
                "x <- f <| g",
                "<span>",
                "boxed lunch",
                "\\box{1} \\boxes",
                "[1] [x](y)",
                "中文，还有 emoji 😀",
                "5 < 6 | 7 > 3",
                "snake_case _ __",
            })
    void leavesEverythingElseAlone(String text) {
        assertThat(Escape.text(text)).isEqualTo(text);
    }

    @Test
    void canBeUndoneAndLeavesNothingThatCouldBeReadForAnyText() {
        // Given
        long seed = Long.getLong("kritik.test.seed", System.nanoTime());
        System.out.println("EscapeTest seed: " + seed + " (repeat with -Dkritik.test.seed=" + seed + ")");
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "\\", "boxed", "＼", "ｂ", "oxed", "{1}", "{2, 3}", "_", "＿", "<", "|", "｜", ">", "<<<", "END", "BEGIN ",
                "/", "think>", "s>", "[", "INST]", "im_end", "\u200b", "\u00ad", " ", "\n", "x", "界", "😀", "\ud800",
                "ﷺ", "½", "￣");

        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            String original = text.toString();

            // When
            String escaped = Escape.text(original);

            // Then
            assertThat(Escape.undo(escaped)).as("seed %d", seed).isEqualTo(original);
            assertThat(ScoreParser.parse(escaped, 1, null)).isNotInstanceOf(Parsed.Scores.class);
            assertThat(Normalizer.normalize(escaped, Normalizer.Form.NFKC))
                    .doesNotContain(
                            "\\boxed", "<think>", "</think>", "<<<END", "<<<BEGIN", "[INST]", "</s>", "<|im_end|>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<|", "<_", "\\_", "<<<", "<|x", "\\", "[/", "\u200b", "\\boxed"})
    void takesTimeInProportion(String piece) {
        String many = piece.repeat(1_000_000 / piece.length());

        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                java.time.Duration.ofSeconds(20),
                () -> assertThat(Escape.undo(Escape.text(many))).isEqualTo(many));
    }
}
