/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import java.util.List;

import dev.kritik.schema.Rollout;

/**
 * One labelled query.
 *
 * @param id the group
 * @param domain kind of query, by which results are listed
 * @param best index of the best response; null when the data don't say
 * @param rollouts the members, all of one group
 */
public record EvalQuery(String id, String domain, Integer best, List<Rollout> rollouts) {

    /** Whether a judge can be right or wrong on it: the best response is known, and is one of several. */
    boolean decidable() {
        return best != null && rollouts.size() > 1;
    }
}
