/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list of phrases to look for in {@link Plain} text.
 *
 * <p>A line is {@code start | start | start :: rest}: literal starts, one of them, and a pattern for what follows
 * directly; without {@code ::} the start alone is the phrase. {@code start :: rest :: .!? 80 :: end} wants the pattern
 * {@code end} behind that, too: it begins at most 80 characters on, with none of {@code .!?} between. As one pattern this
 * would keep 80 states alive, at each character. Lines that begin with {@code #} and empty ones say nothing. The literal
 * start is what keeps this cheap: the pattern is tried only where it stands, over {@value #REACH} characters; and phrases
 * are looked for where they start among the first or last {@value #EDGE} characters, so that the longest texts, which
 * may be made to be slow, take no longer than those of twice that length.
 */
final class Phrases {

    /** Characters behind a start that a phrase can reach over. */
    private static final int REACH = 200;

    /** Characters at each end of a text in which phrases may start. */
    static final int EDGE = 16 << 10;

    /** Looked up rather than found out: it is asked of each character of each response. */
    private static final boolean[] ASCII_OF_WORD = new boolean[0x80];

    static {
        for (char c = 0; c < ASCII_OF_WORD.length; c++) {
            ASCII_OF_WORD[c] = Character.isLetterOrDigit(c);
        }
    }

    /** What begins with which characters, so that one walk over the text serves all. */
    private final Trie<Phrase> starts;

    /** What follows a start. The rest is null for none. */
    private record Phrase(Rest rest, Later later) {}

    /**
     * What must follow directly.
     *
     * @param needed literals of which one stands in it, by their {@link Grams#places}; null if none must
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Rest(Pattern pattern, Beginnings beginnings, int[][] needed) {

        static Rest of(String pattern) {
            Set<String> literals = Literals.of(pattern);
            return new Rest(
                    Pattern.compile(pattern),
                    new Beginnings(pattern),
                    literals.isEmpty() ? null : Grams.places(literals));
        }

        /** Where it ends that begins here; -1 if it does not stand here. */
        int end(String plain, Grams grams, int from, int to) {
            if (!beginnings.possible(plain, from) || (needed != null && !grams.mayHaveOneOf(needed))) {
                return -1;
            }
            Matcher matcher = pattern.matcher(plain.substring(from, to));
            return matcher.lookingAt() ? from + matcher.end() : -1;
        }
    }

    /** What must follow, not directly: null for nothing. */
    private record Later(String stops, int gap, Pattern end) {

        /** Characters behind the gap that the end can reach over. */
        private static final int LONGEST = 30;

        static Later of(String gap, String end) {
            int blank = gap.lastIndexOf(' ');
            return new Later(gap.substring(0, blank), Integer.parseInt(gap.substring(blank + 1)), Pattern.compile(end));
        }

        boolean follows(String plain, int from, int to) {
            int last = from;
            while (last < Math.min(from + gap, to) && stops.indexOf(plain.charAt(last)) < 0) {
                last++;
            }
            // One character more at the front, so that the end can tell whether a word begins.
            Matcher matcher = end.matcher(plain.substring(from - 1, Math.min(to, last + LONGEST)));
            return matcher.find(1) && matcher.start() <= last - from + 1;
        }
    }

    private Phrases(Trie<Phrase> starts) {
        this.starts = starts;
    }

    static Phrases of(String lines) {
        Map<String, List<Phrase>> phrases = new HashMap<>();
        for (String line : lines.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" :: ", -1);
                Rest rest = parts.length == 1 || parts[1].isEmpty() ? null : Rest.of(parts[1]);
                Later later = parts.length < 4 ? null : Later.of(parts[2], parts[3]);
                List<String> starts = List.of(parts[0].split(" \\| ", -1));
                for (String start : starts) {
                    // "the judge" is found as "judge", if that is a start of the same line.
                    if (starts.stream().noneMatch(other -> start.endsWith(" " + other))) {
                        phrases.computeIfAbsent(start, first -> new ArrayList<>())
                                .add(new Phrase(rest, later));
                    }
                }
            }
        }
        return new Phrases(Trie.of(phrases));
    }

    /** Whether one of the phrases stands in the text. */
    boolean in(String plain) {
        var grams = new Grams(plain);
        boolean wordBefore = false;
        for (int at = 0; at < plain.length(); at++) {
            if (at == EDGE && plain.length() - EDGE > at) {
                at = plain.length() - EDGE;
                wordBefore = isOfWord(plain.charAt(at - 1));
            }
            boolean word = isOfWord(plain.charAt(at));
            // A phrase must not begin within a word: "signore" tells nobody to ignore anything.
            if (!(wordBefore && word) && standsAt(plain, grams, at)) {
                return true;
            }
            wordBefore = word;
        }
        return false;
    }

    private boolean standsAt(String plain, Grams grams, int at) {
        Trie<Phrase> start = starts;
        for (int from = at; from < plain.length(); ) {
            start = start.next(plain.charAt(from));
            if (start == null) {
                return false;
            }
            from++;
            for (Phrase phrase : start.values()) {
                if (goesOn(phrase, plain, grams, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the phrase goes on from behind its start as it must. */
    private static boolean goesOn(Phrase phrase, String plain, Grams grams, int from) {
        int to = Math.min(plain.length(), from + REACH);
        int behind = phrase.rest() == null ? from : phrase.rest().end(plain, grams, from, to);
        if (behind < 0) {
            return false;
        }
        return phrase.later() == null || phrase.later().follows(plain, behind, to);
    }

    /** Digits, and letters of scripts that put blanks between words: Latin and Cyrillic, as far as phrases use them. */
    private static boolean isOfWord(char c) {
        if (c < 0x80) {
            return ASCII_OF_WORD[c];
        }
        return (c >= '\u00c0' && c <= '\u024f') || (c >= '\u0400' && c <= '\u052f');
    }
}
