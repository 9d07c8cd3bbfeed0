/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import org.apache.avro.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a contract: arrays are lists in Parquet's three levels ({@code list}, {@code element}), maps are lists of
 * {@code key} and {@code value} (some readers know no maps), enums are text, what may be null is optional.
 */
final class ParquetSchema {

    static final String LIST = "list";
    static final String ELEMENT = "element";
    static final String KEY = "key";
    static final String VALUE = "value";

    private static final LogicalTypeAnnotation TEXT = LogicalTypeAnnotation.stringType();

    private ParquetSchema() {}

    /** The place of a record, and the fields of its contract. */
    static MessageType of(Schema contract) {
        List<Type> columns = new ArrayList<>(List.of(
                Types.required(BINARY).as(TEXT).named("topic"),
                Types.required(INT32).named("partition"),
                Types.required(INT64).named("offset"),
                Types.required(INT64).named("timestamp_ms")));
        columns.addAll(fields(contract));
        return new MessageType(contract.getName(), columns);
    }

    private static List<Type> fields(Schema contract) {
        return contract.getFields().stream()
                .map(field -> type(field.schema(), Repetition.REQUIRED, field.name()))
                .toList();
    }

    private static Type type(Schema schema, Repetition repetition, String name) {
        return switch (schema.getType()) {
            case UNION -> type(present(schema), Repetition.OPTIONAL, name);
            case RECORD ->
                Types.buildGroup(repetition)
                        .addFields(fields(schema).toArray(Type[]::new))
                        .named(name);
            case ARRAY -> list(repetition, type(schema.getElementType(), Repetition.REQUIRED, ELEMENT), name);
            case MAP ->
                list(
                        repetition,
                        Types.requiredGroup()
                                .addField(Types.required(BINARY).as(TEXT).named(KEY))
                                .addField(type(schema.getValueType(), Repetition.REQUIRED, VALUE))
                                .named(ELEMENT),
                        name);
            case STRING, ENUM -> Types.primitive(BINARY, repetition).as(TEXT).named(name);
            case INT -> Types.primitive(INT32, repetition).named(name);
            case LONG -> Types.primitive(INT64, repetition).named(name);
            case FLOAT -> Types.primitive(FLOAT, repetition).named(name);
            case DOUBLE -> Types.primitive(DOUBLE, repetition).named(name);
            case BOOLEAN -> Types.primitive(BOOLEAN, repetition).named(name);
            default -> throw new IllegalStateException("no contract has a field of type " + schema.getType());
        };
    }

    private static Type list(Repetition repetition, Type element, String name) {
        return Types.buildGroup(repetition)
                .as(LogicalTypeAnnotation.listType())
                .addField(Types.repeatedGroup().addField(element).named(LIST))
                .named(name);
    }

    /** What a value that may be null is when it is there. */
    static Schema present(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }
}
