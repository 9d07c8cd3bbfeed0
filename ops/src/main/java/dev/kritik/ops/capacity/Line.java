/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

/**
 * One figure of a plan.
 *
 * @param section what it belongs to
 * @param name ends in its unit
 * @param formula how it was computed, from quantities and lines above
 */
public record Line(String section, String name, double value, String formula) {}
