/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

/** A record that can't be read: where it stands, and what is wrong with its bytes. */
record Unreadable(int partition, long offset, String reason) {}
