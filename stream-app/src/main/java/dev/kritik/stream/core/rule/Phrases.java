/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of phrases to look for in {@link Plain} text.
 *
 * <p>A line is {@code start | start | start :: rest}: literal starts, one of them, and a pattern for what follows
 * directly; without {@code ::} the start alone is the phrase. {@code start :: rest :: .!? 80 :: end} wants the pattern
 * {@code end} behind that, too: it begins at most 80 characters on, with none of {@code .!?} between. As one pattern this
 * would keep 80 states alive, at each character. Lines that begin with {@code #} and empty ones say nothing. The literal
 * start is what keeps this cheap: the pattern is tried only where it stands, over {@value #REACH} characters; and phrases
 * are looked for where they start among the first or last {@value Haystack#EDGE} characters, so that the longest texts, which
 * may be made to be slow, take no longer than those of twice that length.
 */
final class Phrases {

    /** Characters behind a start that a phrase can reach over. */
    private static final int REACH = 200;

    /** Where a walk would end at once. */
    private final Starts starts;

    /** What begins with which characters, so that one walk serves all. */
    private final Trie<Phrase> phrases;

    /** What follows a start. The rest is null for none. */
    private record Phrase(Rest rest, Later later) {}

    /** What must follow directly. One of the literals stands in it; where there are none, nothing is known of it. */
    private record Rest(Pattern pattern, List<Literal> literals) {

        static Rest of(String pattern) {
            return new Rest(
                    Pattern.compile(pattern),
                    Literals.of(pattern).stream().map(Literal::of).toList());
        }

        /** Where it ends that begins here; -1 if it does not stand here. */
        int end(Haystack haystack, int from, int to) {
            if (!hasLiteral(haystack, from, to)) {
                return -1;
            }
            Matcher matcher = pattern.matcher(haystack.text().substring(from, to));
            return matcher.lookingAt() ? from + matcher.end() : -1;
        }

        private boolean hasLiteral(Haystack haystack, int from, int to) {
            for (Literal literal : literals) {
                if (haystack.mayHave(literal.hashes()) && haystack.text().indexOf(literal.text(), from, to) >= 0) {
                    return true;
                }
            }
            return literals.isEmpty();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Literal(String text, int[] hashes) {

        static Literal of(String text) {
            return new Literal(text, Grams.hashes(text));
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

    private Phrases(Map<String, List<Phrase>> phrases) {
        this.starts = new Starts(phrases.keySet());
        this.phrases = Trie.of(phrases);
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
        return new Phrases(phrases);
    }

    /** Whether one of the phrases stands in a text. */
    boolean in(Haystack haystack) {
        for (int at : haystack.begins()) {
            if (starts.mayStandAt(haystack, at) && standsAt(haystack, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean standsAt(Haystack haystack, int at) {
        String plain = haystack.text();
        Trie<Phrase> start = phrases;
        for (int from = at; from < plain.length(); ) {
            start = start.next(plain.charAt(from));
            if (start == null) {
                return false;
            }
            from++;
            for (Phrase phrase : start.values()) {
                if (goesOn(phrase, haystack, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the phrase goes on from behind its start as it must. */
    private static boolean goesOn(Phrase phrase, Haystack haystack, int from) {
        int to = Math.min(haystack.text().length(), from + REACH);
        int behind = phrase.rest() == null ? from : phrase.rest().end(haystack, from, to);
        if (behind < 0) {
            return false;
        }
        return phrase.later() == null || phrase.later().follows(haystack.text(), behind, to);
    }
}
