/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Avro's model of a generated class. Since 1.12.2 Avro makes no instance of a class that it was not told to trust,
 * generated classes included, lest a schema from outside name a dangerous one. The classes of a contract are told to it
 * here, by name and no others. Needed by whoever reads a generated class without {@link AvroDeserializer}; then it goes
 * as the third argument to {@code SpecificDatumReader}.
 */
public final class ContractModel {

    private static final Set<String> TRUSTED = ConcurrentHashMap.newKeySet();

    static {
        // Additive: what others trust stays trusted.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> TRUSTED.contains(type.getName())));
    }

    private ContractModel() {}

    /**
     * The model of a generated class and all that it holds. The classes are loaded here, once and for good: a reader
     * never fails on trust later, when it would look like a bad record.
     */
    public static SpecificData of(Class<? extends SpecificRecord> type) {
        SpecificData model = SpecificData.getForClass(type);
        load(model, model.getSchema(type), new HashSet<>());
        return model;
    }

    private static void load(SpecificData model, Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> {
                if (seen.add(schema.getFullName())) {
                    TRUSTED.add(SpecificData.getClassName(schema));
                    if (model.getClass(schema) == null) {
                        throw new IllegalStateException("no generated class for " + schema.getFullName());
                    }
                    if (schema.getType() == Schema.Type.RECORD) {
                        schema.getFields().forEach(field -> load(model, field.schema(), seen));
                    }
                }
            }
            case ARRAY -> load(model, schema.getElementType(), seen);
            case MAP -> load(model, schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(branch -> load(model, branch, seen));
            default -> {}
        }
    }
}
