/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import java.util.List;

import dev.kritik.lm.train.Scored;
import dev.kritik.trainer.data.Examples.Judged;
import dev.kritik.trainer.data.Seeds;

/**
 * Critiques to learn from, and others to evaluate on.
 *
 * @param train to learn from
 * @param held to evaluate on; of other queries
 */
record Split(List<Scored> train, List<Scored> held) {

    /** Holds out about a share of the queries, by a hash: which ones depends on the query and the seed alone. */
    static Split of(List<Judged> all, double share, long seed) {
        return new Split(
                all.stream()
                        .filter(judged -> !held(judged, share, seed))
                        .map(Judged::scored)
                        .toList(),
                all.stream()
                        .filter(judged -> held(judged, share, seed))
                        .map(Judged::scored)
                        .toList());
    }

    private static boolean held(Judged judged, double share, long seed) {
        long drawn = Seeds.of(seed, "holdout", judged.query());
        return (drawn >>> 11) * 0x1p-53 < share;
    }

    /** Right and wrong ones, in words. */
    static String balance(String what, List<Scored> scored) {
        long right = scored.stream().filter(each -> each.label() > 0.5).count();
        return what + ": " + right + " right, " + (scored.size() - right) + " wrong";
    }
}
