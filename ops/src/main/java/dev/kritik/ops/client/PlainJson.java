/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.generic.IndexedRecord;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records of the contracts as plain JSON: fields by name in the order of the contract, maps by ascending key, null as null,
 * nothing of Avro's own JSON encoding. Equal records give equal text.
 */
public final class PlainJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlainJson() {}

    /** The JSON of a record. */
    public static ObjectNode of(IndexedRecord record) {
        ObjectNode object = NODES.objectNode();
        record.getSchema().getFields().forEach(field -> object.set(field.name(), node(record.get(field.pos()))));
        return object;
    }

    private static JsonNode node(Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case IndexedRecord record -> of(record);
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode(list.size());
                list.forEach(item -> array.add(node(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                new TreeMap<>(map).forEach((key, item) -> object.set(key.toString(), node(item)));
                yield object;
            }
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            default -> NODES.textNode(value.toString()); // strings and enums
        };
    }
}
