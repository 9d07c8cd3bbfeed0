/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The fields of a JSON object, read with errors that name the file and the key. A field that is {@code null} and one that
 * is absent read alike, unless a method says otherwise.
 *
 * @param where names the file, and the object in it, in errors
 * @param node the object
 */
record JsonFields(String where, JsonNode node) {

    /** Objects that say a key twice are refused: which of the two counts would be chance. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Python's json module writes NaN and Infinity as they stand.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static JsonFields read(Path file) {
        JsonNode node;
        try {
            node = MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new CheckpointException(file + " can't be read as JSON: " + e.getMessage(), e);
        }
        if (!node.isObject()) {
            throw new CheckpointException(file + " holds no JSON object");
        }
        return new JsonFields(file.toString(), node);
    }

    static Optional<JsonFields> readIfPresent(Path file) {
        return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** Whether the key is there, {@code null} or not. */
    boolean mentions(String key) {
        return node.has(key);
    }

    Optional<JsonFields> object(String key) {
        JsonNode value = node.path(key);
        if (!has(key)) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrong(key, "an object");
        }
        return Optional.of(new JsonFields(where + ": " + key, value));
    }

    Optional<String> text(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!node.get(key).isTextual()) {
            throw wrong(key, "a text");
        }
        return Optional.of(node.get(key).textValue());
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!node.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return node.get(key).booleanValue();
    }

    OptionalInt integer(String key) {
        if (!has(key)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(integer(key, node.get(key)));
    }

    OptionalDouble number(String key) {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        double value = node.get(key).doubleValue();
        if (!node.get(key).isNumber() || !Double.isFinite(value)) {
            throw wrong(key, "a number");
        }
        return OptionalDouble.of(value);
    }

    /** A size: there, and at least 1. */
    int size(String key) {
        return size(key, integer(key).orElseThrow(() -> new CheckpointException(where + ": '" + key + "' is missing")));
    }

    int size(String key, int otherwise) {
        int value = integer(key).orElse(otherwise);
        if (value < 1) {
            throw wrong(key, "at least 1");
        }
        return value;
    }

    /** Numbers of tokens: one or a list in the file. Negative ones, which some files hold for "none", are left out. */
    List<Integer> tokens(String key) {
        List<Integer> tokens = new ArrayList<>();
        if (has(key)) {
            JsonNode value = node.get(key);
            (value.isArray() ? value : List.of(value)).forEach(token -> tokens.add(integer(key, token)));
        }
        tokens.removeIf(token -> token < 0);
        return List.copyOf(tokens);
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (has(key)) {
            for (JsonNode value : node.get(key)) {
                texts.add(value.asText());
            }
            if (!node.get(key).isArray()) {
                throw wrong(key, "a list of texts");
            }
        }
        return List.copyOf(texts);
    }

    CheckpointException wrong(String key, String expected) {
        String value = node.path(key).toString();
        String shown = value.length() > 200 ? value.substring(0, 200) + "..." : value;
        return new CheckpointException(where + ": '" + key + "' is " + shown + ": expected " + expected);
    }

    private int integer(String key, JsonNode value) {
        // Python writes 224 or 224.0, as it pleases.
        double number = value.doubleValue();
        if (!value.isNumber() || number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw wrong(key, "a whole number of 32 bits");
        }
        return (int) number;
    }
}
