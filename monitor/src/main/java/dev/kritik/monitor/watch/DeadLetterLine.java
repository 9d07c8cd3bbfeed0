/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * A record that could not be used, without its bytes.
 *
 * @param place where it stands on {@code dead-letters}
 * @param atMs time of the record, in epoch milliseconds
 * @param reason a code in capitals
 * @param detail the reason in words; may be null
 * @param by who put it aside; may be null
 * @param topic where it was read; may be null
 * @param partition likewise
 * @param offset likewise
 * @param key the record's key as text, cut to 200 characters; may be null
 * @param bytes length of the value
 */
public record DeadLetterLine(
        Place place,
        long atMs,
        String reason,
        String detail,
        String by,
        String topic,
        Integer partition,
        Long offset,
        String key,
        int bytes) {}
