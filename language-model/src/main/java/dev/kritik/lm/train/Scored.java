/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

/**
 * A whole text with the answer to "is it right?".
 *
 * @param tokens at least one; not copied, so leave them as they are
 * @param label 1: yes, 0: no; in between: how likely
 */
@SuppressWarnings("ArrayRecordComponent") // lists of boxed tokens would cost ten times the memory
public record Scored(int[] tokens, double label) {

    public Scored {
        if (!(label >= 0 && label <= 1)) {
            throw new IllegalArgumentException("a label is " + label + ": from 0 to 1");
        }
    }
}
