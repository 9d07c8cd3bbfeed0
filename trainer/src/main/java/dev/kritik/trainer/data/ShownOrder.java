/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The order in which a prompt shows responses: at each place, the index of the response in the order of the data.
 *
 * @param indices a permutation of 0 to n - 1
 */
public record ShownOrder(List<Integer> indices) {

    public ShownOrder {
        indices = List.copyOf(indices);
        if (!indices.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, indices.size()).boxed().toList())) {
            throw new IllegalArgumentException(indices + " is no order of " + indices.size() + " responses");
        }
    }

    /** A random order of n; the same for the same seed, on every JDK. */
    public static ShownOrder draw(int n, long seed) {
        List<Integer> indices = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        java.util.Collections.shuffle(indices, new Random(seed));
        return new ShownOrder(indices);
    }

    /** The items in this order. */
    public <T> List<T> show(List<T> original) {
        return indices.stream().map(original::get).toList();
    }

    /** What was given in this order, in the order of the data again. */
    public List<Integer> restore(List<Integer> shown) {
        if (shown.size() != indices.size()) {
            throw new IllegalArgumentException(shown.size() + " values for " + indices.size() + " places");
        }
        Integer[] original = new Integer[indices.size()];
        for (int place = 0; place < original.length; place++) {
            original[indices.get(place)] = shown.get(place);
        }
        return Arrays.asList(original);
    }
}
