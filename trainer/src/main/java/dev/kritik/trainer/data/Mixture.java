/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What an epoch goes through: every example of the data once, and so much of the general data that it makes up its share,
 * shuffled. Where the general data is too small it comes again, where it is too large each epoch goes on where the last one
 * ended. A pure function of the seed and the epoch.
 *
 * @param main number of examples of the data
 * @param general number of examples of general data
 * @param share share of the general data in an epoch, from 0 to below 1
 * @param seed of the run
 */
public record Mixture(int main, int general, double share, long seed) {

    public Mixture {
        if (main < 1 || general < 0 || share < 0 || share >= 1) {
            throw new IllegalArgumentException("no mixture of " + main + " and " + general + " with share " + share);
        }
    }

    /** How many general examples an epoch has. */
    public int generalPerEpoch() {
        return general == 0 ? 0 : (int) Math.round(main * share / (1 - share));
    }

    /** How many examples an epoch has. */
    public int size() {
        return main + generalPerEpoch();
    }

    /** The order of an epoch: below {@code main} an example of the data, from there on general ones. */
    public List<Integer> epoch(int epoch) {
        List<Integer> order = new ArrayList<>(size());
        for (int i = 0; i < main; i++) {
            order.add(i);
        }
        long first = (long) epoch * generalPerEpoch();
        List<Integer> pass = List.of();
        for (int i = 0; i < generalPerEpoch(); i++) {
            long at = first + i;
            if (pass.isEmpty() || at % general == 0) {
                pass = pass((int) (at / general));
            }
            order.add(main + pass.get((int) (at % general)));
        }
        Collections.shuffle(order, new Random(Seeds.of(seed, "epoch", epoch)));
        return order;
    }

    /** One pass through the general examples. */
    private List<Integer> pass(int number) {
        return shuffled(general, Seeds.of(seed, "general", number));
    }

    private static List<Integer> shuffled(int count, long seed) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(all, new Random(seed));
        return all;
    }
}
