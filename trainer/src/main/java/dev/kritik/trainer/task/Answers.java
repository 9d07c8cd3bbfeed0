/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.ArrayList;
import java.util.List;

/** Spoils right answers: lists of items by edits, numbers by distance. */
final class Answers {

    private Answers() {}

    /**
     * A list with faults of a severity: one edit, two edits, or three and more.
     *
     * @param strangers items that may stand in it wrongly
     */
    static List<String> list(List<String> right, int severity, List<String> strangers, Draw draw) {
        while (true) {
            List<String> items = new ArrayList<>(right);
            int edits = severity < 3 ? severity : draw.between(3, 4);
            for (int i = 0; i < edits; i++) {
                edit(items, strangers, draw);
            }
            int distance = distance(right, items);
            if (severity < 3 ? distance == severity : distance >= 3) {
                return List.copyOf(items);
            }
        }
    }

    private static void edit(List<String> items, List<String> strangers, Draw draw) {
        switch (draw.weighted(items.size() > 1 ? 2 : 0, 3, items.size() > 2 ? 2 : 0, items.size() < 8 ? 1 : 0)) {
            case 0 -> { // two neighbours change places
                int at = draw.between(0, items.size() - 2);
                items.add(at, items.remove(at + 1));
            }
            case 1 -> items.set(draw.between(0, items.size() - 1), draw.one(strangers));
            case 2 -> items.remove(draw.between(0, items.size() - 1));
            default -> items.add(draw.between(0, items.size()), draw.one(strangers));
        }
    }

    /** Fewest edits between two lists: an item replaced, left out, put in, or two neighbours swapped. */
    static int distance(List<String> a, List<String> b) {
        int[][] d = new int[a.size() + 1][b.size() + 1];
        for (int i = 0; i <= a.size(); i++) {
            for (int j = 0; j <= b.size(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + same, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.get(i - 1).equals(b.get(j - 2))
                        && a.get(i - 2).equals(b.get(j - 1))) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.size()][b.size()];
    }

    /** A number that is wrong by 1, by 2 or 3, or by more. */
    static List<String> number(int right, int severity, Draw draw) {
        int away = switch (severity) {
            case 1 -> 1;
            case 2 -> draw.between(2, 3);
            default -> draw.between(4, 9);
        };
        int wrong = right - away < 0 || draw.chance(0.5) ? right + away : right - away;
        return List.of(Integer.toString(wrong));
    }
}
