/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with one JSON object a line, read one line at a time. Lines of white space are passed over. */
final class JsonLines {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Takes one object. */
    @FunctionalInterface
    interface Handler {
        /** May throw a {@link Problem}, which then names the line. */
        void take(JsonNode object, Place place) throws Problem;
    }

    /** Where an object stands. */
    record Place(Path file, long line) {
        @Override
        public String toString() {
            return file + ", line " + line;
        }
    }

    /** What is wrong with a line. */
    static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;

        Problem(String message) {
            super(message);
        }
    }

    private JsonLines() {}

    /**
     * Reads a file.
     *
     * @throws DataException for a file that can't be read, and the first line that is no JSON object or that is refused
     */
    static void read(Path file, Handler handler) {
        read(file, handler, Long.MAX_VALUE);
    }

    /** The first object of a file. */
    static JsonNode first(Path file) {
        JsonNode[] first = new JsonNode[1];
        read(file, (object, place) -> first[0] = object, 1);
        if (first[0] == null) {
            throw new DataException(file + " is empty");
        }
        return first[0];
    }

    private static void read(Path file, Handler handler, long most) {
        long line = 0;
        long objects = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String text = reader.readLine();
            while (text != null && objects < most) {
                line++;
                if (!text.isBlank()) {
                    handler.take(object(text), new Place(file, line));
                    objects++;
                }
                text = reader.readLine();
            }
        } catch (NoSuchFileException e) {
            throw new DataException("there is no file '" + file + "'", e);
        } catch (CharacterCodingException e) {
            throw new DataException(file + ", behind line " + line + ": this is no UTF-8", e);
        } catch (Problem e) {
            throw new DataException(file, line, e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode object(String text) throws Problem {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                throw new Problem("this is no JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new Problem("this is no JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}
