/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.PlainSchema;

/** Records of writers that are older or newer than we are. */
class EvolutionTest {

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroDeserializer<Critique> deserializer = new AvroDeserializer<>(registry, Critique.class);
    private final Schema today = PlainSchema.of(Critique.getClassSchema());

    @Test
    void fieldsThatAnOlderWriterLackedHaveTheirDefaults() throws IOException {
        // Given
        Schema older = changed(List.of("meta_logit", "scores"), null);

        // When
        Critique read = deserializer.deserialize("critiques", write(filled(older)));

        // Then
        assertThat(read.getMetaLogit()).isNull();
        assertThat(read.getScores()).isEmpty();
        assertThat(read.getWorker()).isEqualTo("text");
    }

    @Test
    void fieldsAndSymbolsOfANewerWriterDoNoHarm() throws IOException {
        // Given
        Schema status = SchemaBuilder.enumeration("CritiqueStatus")
                .namespace("dev.kritik.schema")
                .defaultSymbol("UNKNOWN")
                .symbols("OK", "INVALID", "FAILED", "UNKNOWN", "DOUBTED");
        GenericRecord record = filled(changed(List.of(), status));
        record.put("status", new GenericData.EnumSymbol(status, "DOUBTED"));

        // When
        Critique read = deserializer.deserialize("critiques", write(record));

        // Then
        assertThat(read.getStatus()).isEqualTo(CritiqueStatus.UNKNOWN);
        assertThat(read.getWorker()).isEqualTo("text");
    }

    /** The contract without some fields, with another status, and with a field that we don't know. */
    private Schema changed(List<String> dropped, Schema status) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : today.getFields()) {
            if (!dropped.contains(field.name())) {
                boolean replace = status != null && field.name().equals("status");
                fields.add(new Schema.Field(field, replace ? status : field.schema()));
            }
        }
        fields.add(new Schema.Field("new_field", Schema.createMap(Schema.create(Schema.Type.LONG)), null));
        return Schema.createRecord("Critique", null, "dev.kritik.schema", false, fields);
    }

    private static GenericRecord filled(Schema schema) {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(
                    field.pos(),
                    switch (field.schema().getType()) {
                        case STRING -> "text";
                        case INT -> 1;
                        case LONG -> 1L;
                        case BOOLEAN -> true;
                        case ENUM -> new GenericData.EnumSymbol(field.schema(), "OK");
                        case ARRAY -> List.of();
                        case MAP -> Map.of("a", 1L);
                        default -> null;
                    });
        }
        return record;
    }

    private byte[] write(GenericRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        WireFormat.writeHeader(out, registry.register("critiques-value", record.getSchema()));
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        return out.toByteArray();
    }
}
