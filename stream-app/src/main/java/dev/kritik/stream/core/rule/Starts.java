/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * How the words of a list begin, hashed: tells in a nanosecond or two that none of them stands at a place of a text, as is so
 * at most places.
 */
final class Starts {

    private static final int PAIR_BITS = 12;

    /** Of words with four characters and more, the first four. */
    private final long[] runs = Grams.filter();

    /** Of shorter words, the first two. */
    private final long[] pairs = new long[1 << (PAIR_BITS - 6)];

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
                Grams.add(runs, Grams.hashes(word)[0]);
            } else if (word.length() > 1) {
                addPair(word.charAt(0), word.charAt(1));
            }
        }
    }

    /** False if none of the words stands there; true if one may. */
    boolean mayStandAt(Haystack in, int at) {
        int run = in.hash(at);
        return run < 0
                || Grams.has(runs, run)
                || hasPair(in.text().charAt(at), in.text().charAt(at + 1))
                || singles.indexOf(in.text().charAt(at)) >= 0;
    }

    private void addPair(char first, char second) {
        int hash = hash(first, second);
        pairs[hash >> 6] |= 1L << hash;
    }

    private boolean hasPair(char first, char second) {
        int hash = hash(first, second);
        return (pairs[hash >> 6] & (1L << hash)) != 0;
    }

    private static int hash(char first, char second) {
        return ((((first & 0xff) << 8) | (second & 0xff)) * 0x9E3779B1) >>> (32 - PAIR_BITS);
    }
}
