/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** A record as it was read, and from where. Key and value may be null. */
record Source(Record<byte[], byte[]> record, RecordMetadata from) {

    String topic() {
        return from.topic();
    }

    int partition() {
        return from.partition();
    }

    long offset() {
        return from.offset();
    }

    byte[] key() {
        return record.key();
    }

    byte[] value() {
        return record.value();
    }

    Headers headers() {
        return record.headers();
    }
}
