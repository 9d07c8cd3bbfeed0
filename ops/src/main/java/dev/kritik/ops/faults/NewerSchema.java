/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

/** Rollouts as a later version of Kritik may write them: with one more field, which nobody here knows. */
final class NewerSchema {

    /** Confluent's wire format: a zero byte and the schema's id. */
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private static final String FIELD = "of_the_future";

    private final String topic;
    private final AvroSerializer<Rollout> today;
    private final Schema newer;
    private final int id;

    /**
     * Registers it, as the first producer of the new version does.
     *
     * @throws dev.kritik.schema.registry.SchemaRefusedException if the registry finds it incompatible
     */
    NewerSchema(SchemaRegistry registry, String topic) {
        this.topic = topic;
        this.today = new AvroSerializer<>(registry, Rollout.class);
        Schema schema = Rollout.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        schema.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(new Schema.Field(
                FIELD,
                Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
                "A field of a later version.",
                Schema.Field.NULL_DEFAULT_VALUE));
        newer = Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
        id = registry.register(SchemaRegistry.valueSubject(topic), newer);
    }

    /** The bytes of a rollout in the newer version. */
    byte[] serialize(Rollout rollout) {
        byte[] bytes = today.serialize(topic, rollout);
        try {
            GenericRecord record = new GenericDatumReader<GenericRecord>(
                            Rollout.getClassSchema(), newer, new GenericData())
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null));
            record.put(FIELD, "of " + rollout.getGroupId());
            var out = new ByteArrayOutputStream(bytes.length);
            out.write(ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(newer).write(record, encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory take everything", e);
        }
    }
}
