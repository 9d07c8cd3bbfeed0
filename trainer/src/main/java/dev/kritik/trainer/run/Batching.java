/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts a batch into micro-batches that are computed at once. */
public final class Batching {

    private Batching() {}

    /**
     * Sorted by length, so that little is filled up, and cut where the next would exceed the bound. Which items a batch has
     * does not depend on it.
     *
     * @param length tokens of an item
     * @param maxTokens most tokens of a micro-batch, with what fills its items up to the longest; a single longer item goes
     *     alone
     * @return the longest first: if memory is short, that shows at once
     */
    public static <T> List<List<T>> micro(List<T> batch, ToIntFunction<T> length, int maxTokens) {
        List<T> sorted = new ArrayList<>(batch);
        sorted.sort(Comparator.comparingInt(length).reversed());
        List<List<T>> all = new ArrayList<>();
        List<T> current = new ArrayList<>();
        for (T item : sorted) {
            if (!current.isEmpty() && (long) (current.size() + 1) * length.applyAsInt(current.getFirst()) > maxTokens) {
                all.add(current);
                current = new ArrayList<>();
            }
            current.add(item);
        }
        if (!current.isEmpty()) {
            all.add(current);
        }
        return all;
    }
}
