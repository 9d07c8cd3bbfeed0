/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.kritik.schema.registry.PlainSchema;
import dev.kritik.schema.registry.SchemaRegistry;

/**
 * Writes records in Confluent's wire format: a zero byte, the id of the schema in 4 bytes (big-endian), Avro binary. The
 * subject is {@code <topic>-value}. The registry is asked once for each topic. Safe for use by many threads, as a
 * shared {@code KafkaProducer} needs it.
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {

    /** Room for the framing and a small record; larger ones grow it. */
    private static final int INITIAL_BYTES = 1024;

    private final SchemaRegistry registry;
    private final Schema schema;
    private final SpecificDatumWriter<T> writer;
    private final ConcurrentMap<String, Integer> idsByTopic = new ConcurrentHashMap<>();

    public AvroSerializer(SchemaRegistry registry, Class<T> type) {
        SpecificData data = ContractModel.of(type);
        this.registry = registry;
        this.schema = PlainSchema.of(data.getSchema(type));
        this.writer = new SpecificDatumWriter<>(data.getSchema(type), data);
    }

    /**
     * The bytes of a record; null for null.
     *
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if the registry gave no answer: try again later
     * @throws dev.kritik.schema.registry.SchemaRefusedException if the registry gives no id for our schema
     * @throws SerializationException if the record breaks its own schema, such as null in a field that allows none
     */
    @Override
    public byte[] serialize(String topic, T record) {
        if (record == null) {
            return null;
        }
        Integer id = idsByTopic.get(topic);
        if (id == null) {
            id = registry.register(SchemaRegistry.valueSubject(topic), schema);
            idsByTopic.put(topic, id);
        }
        var bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        WireFormat.writeHeader(bytes, id);
        // The direct encoder has no buffer of its own: cheap to make, so that threads share nothing.
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            writer.write(record, encoder);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "this " + schema.getName() + " for topic '" + topic + "' does not fit its schema: "
                            + e.getMessage(),
                    e);
        }
        return bytes.toByteArray();
    }
}
