/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/** Where a record stands in its topic. */
public record Place(int partition, long offset) {}
