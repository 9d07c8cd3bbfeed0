/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer.json} says that the native library does not give out. Read as a stream: the file of a large
 * vocabulary has 30 MB, and as a tree it would take ten times that.
 *
 * @param added tokens that are found in text before anything else is done to it
 * @param ids every token there is
 * @param bytes tokens {@code <0x00>} to {@code <0xFF>} where the decoder reads them as bytes; else empty
 */
record TokenizerFile(List<AddedToken> added, BitSet ids, Map<Integer, Byte> bytes) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * A token outside of the model's vocabulary.
     *
     * @param id its number
     * @param content its text
     * @param special whether it steers the model and is no text
     */
    record AddedToken(int id, String content, boolean special) {}

    /** @throws IOException if the file can't be read, or is no JSON, or has another structure */
    static TokenizerFile read(Path file) throws IOException {
        Reader reader = new Reader();
        try (JsonParser json = JSON.createParser(file.toFile())) {
            reader.read(json);
        }
        return new TokenizerFile(
                List.copyOf(reader.added), reader.ids, reader.byteFallback ? Map.copyOf(reader.bytes) : Map.of());
    }

    private static final class Reader {
        private final List<AddedToken> added = new ArrayList<>();
        private final BitSet ids = new BitSet();
        private final Map<Integer, Byte> bytes = new HashMap<>();
        private boolean byteFallback;

        private void read(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "added_tokens" -> added(json);
                    case "decoder" -> decoder(json);
                    case "model" -> model(json);
                    default -> json.skipChildren();
                }
            }
            added.forEach(token -> note(token.content(), token.id()));
            if (ids.isEmpty()) {
                throw new IOException("it has no vocabulary");
            }
        }

        private void added(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                int id = -1;
                String content = "";
                boolean special = false;
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "id" -> id = json.getIntValue();
                        case "content" -> content = json.getText();
                        case "special" -> special = json.getBooleanValue();
                        default -> json.skipChildren();
                    }
                }
                added.add(new AddedToken(id, content, special));
            }
        }

        private void decoder(JsonParser json) throws IOException {
            int depth = 0;
            JsonToken token = json.currentToken();
            while (true) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_STRING && json.getText().equals("ByteFallback")) {
                    byteFallback = true;
                }
                if (depth == 0) {
                    return;
                }
                token = json.nextToken();
            }
        }

        private void model(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken start = json.nextToken();
                if (!field.equals("vocab")) {
                    json.skipChildren();
                } else if (start == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String content = json.currentName();
                        json.nextToken();
                        note(content, json.getIntValue());
                    }
                } else {
                    // Unigram: pairs of token and score, numbered from 0
                    for (int id = 0; json.nextToken() == JsonToken.START_ARRAY; id++) {
                        json.nextToken();
                        note(json.getText(), id);
                        json.nextToken();
                        json.nextToken();
                    }
                }
            }
        }

        private void note(String content, int id) {
            ids.set(id);
            if (content.length() == 6 && content.matches("<0x[0-9A-Fa-f]{2}>")) {
                bytes.put(id, (byte) Integer.parseInt(content.substring(3, 5), 16));
            }
        }
    }
}
