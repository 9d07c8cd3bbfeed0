/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import java.util.List;
import java.util.Map;

/**
 * What a contender made of the work.
 *
 * @param version of what was measured
 * @param settings that it ran with, those that it ships with included
 * @param own what of it is ours, in words
 * @param told in the order in which it came; a second word on the same rollout counts for nothing
 * @param seconds until the contender said that nothing more comes, or the limit
 */
record Attempt(String version, Map<String, Object> settings, String own, List<Told> told, double seconds) {

    Attempt {
        told = List.copyOf(told);
    }
}
