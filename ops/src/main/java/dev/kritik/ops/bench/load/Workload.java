/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.List;

import dev.kritik.schema.Rollout;

/** Groups of rollouts, one after the other. Implementations are safe for use by one thread at a time. */
public interface Workload {

    /** How many groups there are. */
    int groups();

    /**
     * A group: all members that are to be published, which carry the same job and group id.
     *
     * @param number from 0; asked for once, in order
     */
    List<Rollout> group(int number);

    /** Groups that are there already. */
    static Workload of(List<List<Rollout>> groups) {
        List<List<Rollout>> all = List.copyOf(groups);
        return new Workload() {
            @Override
            public int groups() {
                return all.size();
            }

            @Override
            public List<Rollout> group(int number) {
                return all.get(number);
            }
        };
    }
}
