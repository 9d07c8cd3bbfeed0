/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.Message;

/** Reads the fields of one JSON object; each error names the field. */
record Fields(JsonNode object) {

    private static final int LONGEST_ID = 200;

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A required string. */
    String text(String name) throws BadLine {
        return text(object.path(name), name);
    }

    /** A string, or null where there is none. */
    String textOrNull(String name) throws BadLine {
        return has(name) ? text(name) : null;
    }

    /** A required id: not empty, not too long, no control characters. */
    String id(String name) throws BadLine {
        String id = text(name);
        if (id.isEmpty() || id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
            throw new BadLine(name + " is not an id: 1 to " + LONGEST_ID + " characters, no control characters");
        }
        return id;
    }

    /** A whole number of at least so much, or null where there is none. */
    Integer intOrNull(String name, int least) throws BadLine {
        if (!has(name)) {
            return null;
        }
        JsonNode node = object.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least) {
            throw new BadLine(name + " is not a whole number of at least " + least);
        }
        return node.intValue();
    }

    /** A required whole number of at least so much. */
    int integer(String name, int least) throws BadLine {
        Integer value = intOrNull(name, least);
        if (value == null) {
            throw new BadLine(name + " is missing");
        }
        return value;
    }

    Long longOrNull(String name) throws BadLine {
        if (!has(name)) {
            return null;
        }
        JsonNode node = object.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new BadLine(name + " is not a whole number");
        }
        return node.longValue();
    }

    /** The conversation: at least one message. */
    List<Message> messages() throws BadLine {
        JsonNode array = array("messages");
        List<Message> messages = new ArrayList<>();
        for (JsonNode item : array) {
            String at = "messages[" + messages.size() + "].";
            messages.add(new Message(text(item.path("role"), at + "role"), text(item.path("content"), at + "content")));
        }
        return messages;
    }

    /** A required array with something in it. */
    JsonNode array(String name) throws BadLine {
        JsonNode array = object.path(name);
        if (!array.isArray() || array.isEmpty()) {
            throw new BadLine(name + " is missing, no array, or empty");
        }
        return array;
    }

    /** Whole numbers of at least 0, or null where there are none. */
    List<Integer> integersOrNull(String name) throws BadLine {
        if (!has(name)) {
            return null;
        }
        List<Integer> integers = new ArrayList<>();
        for (JsonNode node : array(name)) {
            if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
                throw new BadLine(name + "[" + integers.size() + "] is not a whole number of at least 0");
            }
            integers.add(node.intValue());
        }
        return integers;
    }

    /** Numbers, or null where there are none. */
    List<Float> floatsOrNull(String name) throws BadLine {
        if (!has(name)) {
            return null;
        }
        List<Float> floats = new ArrayList<>();
        for (JsonNode node : array(name)) {
            if (!node.isNumber()) {
                throw new BadLine(name + "[" + floats.size() + "] is not a number");
            }
            floats.add(node.floatValue());
        }
        return floats;
    }

    /** A map of strings, empty where there is none. */
    Map<String, String> strings(String name) throws BadLine {
        Map<String, String> strings = new TreeMap<>();
        if (has(name) && !object.get(name).isObject()) {
            throw new BadLine(name + " is no object");
        }
        for (var property : object.path(name).properties()) {
            strings.put(property.getKey(), text(property.getValue(), name + "." + property.getKey()));
        }
        return strings;
    }

    static String text(JsonNode node, String name) throws BadLine {
        if (!node.isTextual()) {
            throw new BadLine(name + (node.isMissingNode() || node.isNull() ? " is missing" : " is no string"));
        }
        String text = node.textValue();
        if (hasLoneSurrogate(text)) {
            throw new BadLine(name + " holds half of a surrogate pair, which no UTF-8 text can hold");
        }
        return text;
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
