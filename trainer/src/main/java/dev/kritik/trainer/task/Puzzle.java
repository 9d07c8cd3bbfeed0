/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * One question with its right answer, and how to answer it wrongly.
 *
 * @param operands what it is about; the same operands in any order are the same content
 * @param right items of the right answer
 * @param asked how the operands stand in the question
 * @param spoil an answer of a severity, 1 to 3
 */
record Puzzle(List<String> operands, List<String> right, String asked, BiFunction<Integer, Draw, List<String>> spoil) {

    static Puzzle list(List<String> operands, List<String> right, List<String> strangers) {
        return new Puzzle(
                operands,
                right,
                String.join(" ", operands),
                (severity, draw) -> Answers.list(right, severity, strangers, draw));
    }

    static Puzzle number(List<String> operands, int right) {
        return new Puzzle(
                operands,
                List.of(Integer.toString(right)),
                String.join(" ", operands),
                (severity, draw) -> Answers.number(right, severity, draw));
    }

    Puzzle asking(String words) {
        return new Puzzle(operands, right, words, spoil);
    }

    /** Names the content, whatever the kind of task and the order of the operands. */
    String content() {
        return String.join(" ", new TreeSet<>(operands));
    }
}
