/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

/**
 * Where a record stands.
 *
 * @param flow the topic
 */
public record Place(Flow flow, int partition, long offset) {

    /** The topics, under their names without a prefix. */
    public enum Flow {
        ROLLOUTS("rollouts"),
        REQUESTS("critique-requests"),
        CRITIQUES("critiques"),
        REWARDS("rewards"),
        DEAD_LETTERS("dead-letters");

        private final String title;

        Flow(String title) {
            this.title = title;
        }

        /** The name without a prefix. */
        public String title() {
            return title;
        }
    }

    @Override
    public String toString() {
        return flow.title() + "-" + partition + "@" + offset;
    }
}
