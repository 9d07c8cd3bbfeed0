/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes records apart into the columns of {@link ParquetSchema}. */
final class ParquetRows extends WriteSupport<Row> {

    private final Schema contract;
    private RecordConsumer to;

    ParquetRows(Schema contract) {
        this.contract = contract;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract; there is no Hadoop here, and nobody calls it
    public WriteContext init(Configuration configuration) {
        throw new UnsupportedOperationException("there is no Hadoop here");
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(ParquetSchema.of(contract), Map.of("kritik.contract", contract.getFullName()));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        to = consumer;
    }

    @Override
    public void write(Row row) {
        to.startMessage();
        field("topic", 0, () -> to.addBinary(Binary.fromString(row.topic())));
        field("partition", 1, () -> to.addInteger(row.partition()));
        field("offset", 2, () -> to.addLong(row.offset()));
        field("timestamp_ms", 3, () -> to.addLong(row.timestampMs()));
        fields(contract, row.value(), 4);
        to.endMessage();
    }

    private void fields(Schema schema, IndexedRecord record, int first) {
        for (Schema.Field field : schema.getFields()) {
            Object value = record.get(field.pos());
            if (value != null) {
                field(field.name(), first + field.pos(), () -> value(field.schema(), value));
            }
        }
    }

    private void field(String name, int index, Runnable value) {
        to.startField(name, index);
        value.run();
        to.endField(name, index);
    }

    private void value(Schema schema, Object value) {
        switch (schema.getType()) {
            case UNION -> value(ParquetSchema.present(schema), value);
            case RECORD -> group(() -> fields(schema, (IndexedRecord) value, 0));
            case ARRAY -> list((List<?>) value, item -> value(schema.getElementType(), item));
            case MAP ->
                // By ascending key: a map has no order of its own.
                list(List.copyOf(new TreeMap<>((Map<?, ?>) value).entrySet()), item -> {
                    Map.Entry<?, ?> entry = (Map.Entry<?, ?>) item;
                    group(() -> {
                        field(ParquetSchema.KEY, 0, () -> to.addBinary(text(entry.getKey())));
                        field(ParquetSchema.VALUE, 1, () -> value(schema.getValueType(), entry.getValue()));
                    });
                });
            case STRING, ENUM -> to.addBinary(text(value));
            case INT -> to.addInteger((Integer) value);
            case LONG -> to.addLong((Long) value);
            case FLOAT -> to.addFloat((Float) value);
            case DOUBLE -> to.addDouble((Double) value);
            case BOOLEAN -> to.addBoolean((Boolean) value);
            default -> throw new IllegalStateException("no contract has a field of type " + schema.getType());
        }
    }

    private static Binary text(Object value) {
        return Binary.fromString(value.toString());
    }

    private interface Item {
        void write(Object item);
    }

    private void list(List<?> items, Item item) {
        group(() -> {
            if (!items.isEmpty()) {
                field(
                        ParquetSchema.LIST,
                        0,
                        () -> items.forEach(
                                one -> group(() -> field(ParquetSchema.ELEMENT, 0, () -> item.write(one)))));
            }
        });
    }

    private void group(Runnable content) {
        to.startGroup();
        content.run();
        to.endGroup();
    }
}
