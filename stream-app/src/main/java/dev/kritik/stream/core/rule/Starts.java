/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.BitSet;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * How the words of a list begin, hashed: tells in a nanosecond or two that none of them stands at a place of a text, as is so
 * at most places.
 */
final class Starts {

    /** Of words with four characters and more, the first four. */
    private final BitSet runs = new BitSet(1 << Grams.BITS);

    /** Of shorter words, the first two. */
    private final BitSet pairs = new BitSet(1 << 16);

    /** Words of one character. */
    private final String singles;

    /** @throws IllegalArgumentException if a word begins with a blank, as nothing in a {@link Haystack} does */
    Starts(Collection<String> words) {
        if (words.stream().anyMatch(word -> word.startsWith(" "))) {
            throw new IllegalArgumentException("a phrase begins with a blank");
        }
        singles = words.stream().filter(word -> word.length() == 1).collect(Collectors.joining());
        for (String word : words) {
            if (word.length() >= Grams.LENGTH) {
                runs.set(Grams.hashes(word)[0]);
            } else if (word.length() > 1) {
                pairs.set(pair(word, 0));
            }
        }
    }

    /** False if none of the words stands there; true if one may. */
    boolean mayStandAt(Haystack in, int at) {
        int run = in.hash(at);
        return run < 0
                || runs.get(run)
                || pairs.get(pair(in.text(), at))
                || singles.indexOf(in.text().charAt(at)) >= 0;
    }

    private static int pair(String text, int at) {
        return ((text.charAt(at) & 0xff) << 8) | (text.charAt(at + 1) & 0xff);
    }
}
