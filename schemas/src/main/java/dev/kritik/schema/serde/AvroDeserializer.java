/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.registry.UnknownSchemaException;
import dev.kritik.schema.serde.UndecodableException.Code;

/**
 * Reads records in Confluent's wire format, written with any schema that is compatible with ours. Whatever the bytes
 * are, the outcome is a record or one of the two exceptions below; memory taken is bounded by the length of the bytes.
 * Safe for use by many threads.
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

    /** How to read what was written under one id: a reader, or why there is none. Exactly one of the two is null. */
    private record Resolved<T>(DatumReader<T> reader, String problem) {}

    private final SchemaRegistry registry;
    private final SpecificData data;
    private final Schema expected;
    private final ConcurrentMap<Integer, Resolved<T>> resolvedById = new ConcurrentHashMap<>();

    public AvroDeserializer(SchemaRegistry registry, Class<T> type) {
        this.registry = registry;
        this.data = ContractModel.of(type);
        this.expected = data.getSchema(type);
    }

    /**
     * The record in the bytes.
     *
     * @throws UndecodableException if the bytes are bad for ever, null among them
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if the registry gave no answer: the bytes may be
     *     good, try again later
     */
    @Override
    public T deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            throw new UndecodableException(
                    Code.NULL_VALUE, "there is no value; a " + expected.getName() + " is wanted");
        }
        int id = WireFormat.schemaId(bytes);
        Resolved<T> resolved = resolvedById.get(id);
        if (resolved == null) {
            resolved = resolve(id);
            resolvedById.put(id, resolved);
        }
        if (resolved.reader() == null) {
            throw new UndecodableException(Code.INCOMPATIBLE_SCHEMA, resolved.problem());
        }
        return read(resolved.reader(), bytes, id);
    }

    private Resolved<T> resolve(int id) {
        Schema written;
        try {
            written = registry.schemaById(id);
        } catch (UnknownSchemaException e) {
            throw new UndecodableException(Code.UNKNOWN_SCHEMA_ID, e.getMessage(), e);
        }
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(expected, written);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            return new Resolved<>(
                    null,
                    "schema " + id + " (" + written.getFullName() + ") can't be read as " + expected.getFullName()
                            + ": " + compatibility.getResult().getIncompatibilities());
        }
        return new Resolved<>(new SpecificDatumReader<>(written, expected, data), null);
    }

    private T read(DatumReader<T> reader, byte[] bytes, int id) {
        int length = bytes.length - WireFormat.HEADER_BYTES;
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, null);
        T record;
        boolean consumed;
        try {
            record = reader.read(null, decoder);
            consumed = decoder.isEnd();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro throws what comes to hand on damaged bytes. The stack overflows when a writer's schema nests without
            // end.
            throw new UndecodableException(
                    Code.MALFORMED,
                    "the " + length + " bytes after schema id " + id + " are no " + expected.getName() + ": "
                            + e.getMessage(),
                    e);
        }
        if (!consumed) {
            throw new UndecodableException(
                    Code.MALFORMED,
                    "of the " + length + " bytes after schema id " + id + " some are left over after the "
                            + expected.getName());
        }
        return record;
    }
}
