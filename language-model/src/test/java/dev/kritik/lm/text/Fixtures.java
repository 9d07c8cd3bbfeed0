/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What {@code fixtures/make_text_fixtures.py} wrote. */
final class Fixtures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Fixtures() {}

    /** One of bytelevel, llama2, gemma, unigram. */
    static Tokenizer tokenizer(String name) {
        return Tokenizer.open(path("tokenizer-" + name + ".json"));
    }

    static JsonNode json(String name) {
        try (InputStream in = url(name).openStream()) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path path(String name) {
        try {
            return Path.of(url(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static int[] ints(JsonNode array) {
        return JSON.convertValue(array, int[].class);
    }

    static String text(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> texts(JsonNode object) {
        return JSON.convertValue(object, new TypeReference<>() {});
    }

    static Map<String, Object> values(JsonNode object) {
        return JSON.convertValue(object, new TypeReference<>() {});
    }

    static List<ChatMessage> messages(JsonNode array) {
        return JSON.convertValue(array, new TypeReference<>() {});
    }

    private static URL url(String name) {
        return Objects.requireNonNull(Fixtures.class.getResource(name), name);
    }
}
