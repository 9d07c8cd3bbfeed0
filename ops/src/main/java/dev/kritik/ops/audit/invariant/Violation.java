/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

/**
 * A promise that was not kept.
 *
 * @param invariant which one
 * @param group job/group/attempt; null when it is about no group
 * @param what in words
 * @param where topic-partition@offset, or what else leads there; null when nothing does
 */
public record Violation(Invariant invariant, String group, String what, String where) {

    @Override
    public String toString() {
        return invariant + (group == null ? "" : " " + group) + (where == null ? "" : " (" + where + ")") + ": " + what;
    }
}
