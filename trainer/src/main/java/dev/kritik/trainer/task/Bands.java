/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

/** Which scores a severity deserves: 9-10, 6-8, 3-5, 1-2. */
final class Bands {

    private static final int[] LOW = {9, 6, 3, 1};
    private static final int[] HIGH = {10, 8, 5, 2};
    private static final int[] LABEL = {10, 7, 4, 1};

    private Bands() {}

    static int draw(int severity, Draw draw) {
        return draw.between(LOW[severity], HIGH[severity]);
    }

    static int label(int severity) {
        return LABEL[severity];
    }
}
