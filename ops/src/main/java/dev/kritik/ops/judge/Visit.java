/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

/**
 * A request that had a place in service of a recorded judge. Nanoseconds are those of {@link System#nanoTime} in the
 * judge's process.
 *
 * @param requestId its {@code X-Request-Id}; a substitute where it has none
 * @param arrivedNs when it came
 * @param begunNs when it got its place
 * @param leftNs when its answer had been written, and the place was free
 * @param outcome how it ended
 */
public record Visit(String requestId, long arrivedNs, long begunNs, long leftNs, Outcome outcome) {}
