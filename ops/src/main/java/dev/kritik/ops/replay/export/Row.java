/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import org.apache.avro.generic.IndexedRecord;

/**
 * A record and where it stands.
 *
 * @param timestampMs the time that its topic keeps, in epoch milliseconds
 * @param bytes of the value on the topic
 */
record Row(String topic, int partition, long offset, long timestampMs, int bytes, IndexedRecord value) {}
