/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.List;
import java.util.stream.Stream;

/** The words of which micro-tasks are made. */
final class Lexicon {

    static final List<String> WORDS = Stream.of("""
            apple bread cloud dance earth flame glass house island juice king lamp moon night ocean paper queen river
            stone table uncle valley water yard
            """.strip().split("\\s+")).toList();

    static final List<String> LETTERS = Stream.of("abcdefghijkl".split("")).toList();

    static final List<String> DIGITS = Stream.of("123456789".split("")).toList();

    private Lexicon() {}
}
