/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values by words, to be walked character by character. Immutable. */
final class Trie<T> {

    private final char[] characters;
    private final List<Trie<T>> next;
    private final List<T> values;

    private Trie(char[] characters, List<Trie<T>> next, List<T> values) {
        this.characters = characters;
        this.next = next;
        this.values = values;
    }

    static <T> Trie<T> of(Map<String, List<T>> words) {
        return of(words, 0);
    }

    /** From words that are alike in their first {@code depth} characters. */
    private static <T> Trie<T> of(Map<String, List<T>> words, int depth) {
        List<T> values = List.of();
        TreeMap<Character, Map<String, List<T>>> longer = new TreeMap<>();
        for (Map.Entry<String, List<T>> word : words.entrySet()) {
            if (word.getKey().length() == depth) {
                values = List.copyOf(word.getValue());
            } else {
                longer.computeIfAbsent(word.getKey().charAt(depth), first -> new HashMap<>())
                        .put(word.getKey(), word.getValue());
            }
        }
        char[] characters = new char[longer.size()];
        int i = 0;
        for (char character : longer.keySet()) {
            characters[i++] = character;
        }
        return new Trie<>(
                characters,
                longer.values().stream().map(more -> of(more, depth + 1)).toList(),
                values);
    }

    /** Where a further character leads; null for nowhere. */
    Trie<T> next(char character) {
        int at = Arrays.binarySearch(characters, character);
        return at < 0 ? null : next.get(at);
    }

    /** The values of the word that ends here; empty for none. */
    List<T> values() {
        return values;
    }
}
