/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import dev.kritik.schema.Keys;

/**
 * The identity of a group. Two attempts of one query are two groups, which share a key and so a partition.
 *
 * @param job the training run
 * @param group the query within the run
 * @param attempt repetition of the group, from 0
 */
public record GroupId(String job, String group, int attempt) {

    /** The key of the group's records on Kritik's topics. */
    public String key() {
        return Keys.of(job, group);
    }

    @Override
    public String toString() {
        return key() + "/" + attempt;
    }
}
