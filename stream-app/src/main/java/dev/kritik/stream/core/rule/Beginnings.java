/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a pattern can match a text that begins with certain characters at all, for most words behind "it" or "this" tell at
 * once that no phrase follows, and to start RE2 takes a microsecond. Answers are found once, by Java's own patterns, which can
 * say that more text would change nothing ({@link Matcher#hitEnd}), and remembered. Safe for use by many threads.
 */
final class Beginnings {

    private static final int LENGTH = 4;
    private static final int BITS = 7;
    private static final int KNOWN = 1 << (LENGTH * BITS);
    private static final int POSSIBLE = KNOWN << 1;
    private static final int KEY = KNOWN - 1;

    /** Answers by beginning, the last one at each place: the key and two flags in one number, so that none is read by half. */
    private final int[] answers = new int[128];

    private final Pattern pattern;

    /** @param pattern in RE2's syntax, of which Java's has all that phrases use */
    Beginnings(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    /** False if the pattern matches nothing that stands at this place; true if it may. */
    @SuppressWarnings("JdkObsolete") // hitEnd is just what is needed here
    boolean possible(String text, int from) {
        if (from + LENGTH > text.length()) {
            return true;
        }
        int key = 0;
        for (int i = from; i < from + LENGTH; i++) {
            char c = text.charAt(i);
            if (c >= 1 << BITS) {
                return true;
            }
            key = (key << BITS) | c;
        }
        int at = (key * 0x9E3779B1) >>> 25;
        int answer = answers[at];
        if ((answer & KNOWN) == 0 || (answer & KEY) != key) {
            Matcher matcher = pattern.matcher(text.substring(from, from + LENGTH));
            boolean possible = matcher.lookingAt() || matcher.hitEnd();
            answer = key | KNOWN | (possible ? POSSIBLE : 0);
            answers[at] = answer;
        }
        return (answer & POSSIBLE) != 0;
    }
}
