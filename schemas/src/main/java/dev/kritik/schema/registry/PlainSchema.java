/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * A schema as the world sees it. The schemas of generated classes say on every string that Java shall read it as a
 * {@code java.lang.String}; that is of no use to a Python client and would give the same contract two ids.
 */
public final class PlainSchema {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PlainSchema() {}

    /** The schema without Java's property, docs and defaults kept; self-contained. */
    public static Schema of(Schema schema) {
        return new Schema.Parser().parse(text(schema));
    }

    /** The text of {@link #of}, on one line: what is sent to a registry. */
    public static String text(Schema schema) {
        try {
            return JSON.writeValueAsString(plain(JSON.readTree(schema.toString())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Avro wrote a schema that is no JSON: " + schema.getFullName(), e);
        }
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(property -> {
            // A default is data, not schema: it stays as it is.
            boolean data = property.getKey().equals("default");
            copy.set(property.getKey(), data ? property.getValue() : plain(property.getValue()));
        });
        boolean removed = copy.remove(GenericData.STRING_PROP) != null;
        // {"type": "string"} with nothing else in it is the long way to say "string".
        return removed && copy.size() == 1 && copy.get("type") instanceof TextNode type ? type : copy;
    }
}
