/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Finds the texts of tokens in other texts; of those that begin at the same place, the longest. */
final class ControlTokens {

    private final Map<Character, List<String>> byFirst = new HashMap<>();

    ControlTokens(List<String> texts) {
        texts.stream()
                .filter(text -> !text.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .forEach(text -> byFirst.computeIfAbsent(text.charAt(0), c -> new ArrayList<>())
                        .add(text));
    }

    /** The token's text that begins at this place; null if none does. */
    String at(String text, int index) {
        for (String one : byFirst.getOrDefault(text.charAt(index), List.of())) {
            if (text.startsWith(one, index)) {
                return one;
            }
        }
        return null;
    }

    /** The text with something else instead of each. */
    String replace(String text, UnaryOperator<String> with) {
        StringBuilder result = new StringBuilder();
        int index = 0;
        while (index < text.length()) {
            String found = at(text, index);
            if (found == null) {
                result.append(text.charAt(index++));
            } else {
                result.append(with.apply(found));
                index += found.length();
            }
        }
        return result.toString();
    }

    /** All of them, in their order. */
    List<String> in(String text) {
        List<String> all = new ArrayList<>();
        replace(text, found -> {
            all.add(found);
            return found;
        });
        return all;
    }
}
