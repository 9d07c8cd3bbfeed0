/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * How much is remembered.
 *
 * @param windowMs how far back, in milliseconds
 * @param groups most groups of which places and results are known
 * @param deadLetters most dead letters that are listed
 */
public record Limits(long windowMs, int groups, int deadLetters) {

    private static final long FINEST_MS = 5_000;
    private static final int MOST_SLICES = 720;

    /** Width of the slices into which the window is cut: 5 s in an hour, more in longer windows. */
    public long sliceMs() {
        return Math.max(FINEST_MS, Math.ceilDiv(windowMs, (long) MOST_SLICES));
    }

    /** Number of slices in the window. */
    public int slices() {
        return (int) Math.ceilDiv(windowMs, sliceMs());
    }
}
