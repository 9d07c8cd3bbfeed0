/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * How long something took, in milliseconds; right to about 10 %.
 *
 * @param count how many were measured
 * @param p50 half of them took at most so long; null where none was measured
 * @param p95 95 % of them
 * @param p99 99 % of them
 */
public record Quantiles(long count, Long p50, Long p95, Long p99) {

    static final Quantiles NONE = new Quantiles(0, null, null, null);
}
