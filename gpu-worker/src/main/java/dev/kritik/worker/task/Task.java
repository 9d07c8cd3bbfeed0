/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.common.header.Headers;

/**
 * One delivered record of {@code critique-requests}, not yet decoded.
 *
 * @param topic where it was read
 * @param partition where it was read
 * @param offset where it was read
 * @param key as read; may be null
 * @param value as read; may be null
 * @param headers as read
 * @param delivery how often it has been delivered, from 1; 0 when the source does not count
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; lives as long as its handling
public record Task(String topic, int partition, long offset, byte[] key, byte[] value, Headers headers, int delivery) {

    /** Names the record in logs: {@code topic-partition@offset}. */
    public String id() {
        return topic + "-" + partition + "@" + offset;
    }
}
