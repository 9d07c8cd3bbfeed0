/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import dev.kritik.schema.registry.SchemaRegistry;

/** {@link AvroSerializer} and {@link AvroDeserializer} in one, as Kafka Streams wants them. */
public final class AvroSerde {

    private AvroSerde() {}

    /** A serde for values of one of the contracts. Closing it leaves the registry open. */
    public static <T extends SpecificRecord> Serde<T> of(SchemaRegistry registry, Class<T> type) {
        return Serdes.serdeFrom(new AvroSerializer<>(registry, type), new AvroDeserializer<>(registry, type));
    }
}
