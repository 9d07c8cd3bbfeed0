/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.List;

/** Texts as a model writes them when it goes wrong. */
final class Spoiled {

    /** What may stand where the scores should: nothing, words, out of range, too many, an open brace. */
    private static final List<String> ENDINGS = List.of(
            "",
            "Scores: \\boxed{good, better}",
            "Scores: \\boxed{0}",
            "Scores: \\boxed{" + "5, ".repeat(99) + "5}",
            "Scores: \\boxed{");

    private Spoiled() {}

    /** The first half of the text, cut off by a limit of tokens. */
    static Recording.Text truncated(Recording.Text text) {
        String whole = text.text();
        int half = whole.offsetByCodePoints(0, whole.codePointCount(0, whole.length()) / 2);
        return new Recording.Text(whole.substring(0, half), "length", text.promptTokens(), text.completionTokens());
    }

    /** The text without readable scores, in one of several ways. */
    static Recording.Text unparsable(Recording.Text text, double draw) {
        int scores = text.text().lastIndexOf("Scores:");
        String critique = scores < 0 ? "" : text.text().substring(0, scores);
        return new Recording.Text(
                critique + ENDINGS.get((int) (draw * ENDINGS.size())),
                text.finishReason(),
                text.promptTokens(),
                text.completionTokens());
    }
}
