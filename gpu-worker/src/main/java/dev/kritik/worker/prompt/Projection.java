/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.text.Normalizer;
import java.util.Arrays;

/** A text as a reader who normalises and skips invisible characters sees it, and where each character came from. */
final class Projection {

    private final String text;

    /** For each character of it, where the original goes on behind. */
    private final int[] ends;

    private Projection(String text, int[] ends) {
        this.text = text;
        this.ends = ends;
    }

    static Projection of(String original) {
        StringBuilder seen = new StringBuilder(original.length());
        int[] ends = new int[original.length() + 16];
        for (int i = 0; i < original.length(); ) {
            int codePoint = original.codePointAt(i);
            i += Character.charCount(codePoint);
            if (!invisible(codePoint)) {
                append(seen, codePoint);
            }
            if (seen.length() > ends.length) {
                ends = Arrays.copyOf(ends, seen.length() * 2);
            }
            for (int j = seen.length() - 1; j >= 0 && ends[j] == 0; j--) {
                ends[j] = i;
            }
        }
        return new Projection(seen.toString(), ends);
    }

    private static void append(StringBuilder seen, int codePoint) {
        if (codePoint < 0x80 || Character.isIdeographic(codePoint)) {
            seen.appendCodePoint(codePoint);
        } else if (Character.isWhitespace(codePoint) || codePoint == 0x85) {
            seen.append(' ');
        } else {
            seen.append(Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC));
        }
    }

    /** Format and control characters, variation selectors, fillers and the grapheme joiner. */
    private static boolean invisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT -> true;
            case Character.CONTROL -> "\t\n\r\f\u0085".indexOf(codePoint) < 0;
            default ->
                codePoint == 0x034F
                        || codePoint == 0x115F
                        || codePoint == 0x1160
                        || codePoint == 0x3164
                        || codePoint == 0xFFA0
                        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
                        || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
        };
    }

    /** Where the original goes on behind the character that is seen here. */
    int behind(int at) {
        return ends[at];
    }

    String text() {
        return text;
    }
}
