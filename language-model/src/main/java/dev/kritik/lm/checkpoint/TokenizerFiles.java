/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a checkpoint's folder says about its tokenizer, beside {@code tokenizer.json} itself. */
final class TokenizerFiles {

    /** The names that transformers hands to chat templates. */
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Path folder;
    private final Optional<JsonFields> config;

    TokenizerFiles(Path folder) {
        this.folder = folder;
        this.config = JsonFields.readIfPresent(folder.resolve("tokenizer_config.json"));
    }

    Path tokenizerFile() {
        Path file = folder.resolve("tokenizer.json");
        if (Files.isRegularFile(file)) {
            return file;
        }
        String advice = Files.isRegularFile(folder.resolve("tokenizer.model"))
                ? "There is only a SentencePiece tokenizer.model: "
                : Files.isRegularFile(folder.resolve("vocab.json")) ? "There is only a vocab.json: " : "";
        throw new CheckpointException(file + " is missing. " + advice + "Make it with transformers by"
                + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder), or copy it from the base model");
    }

    Optional<String> chatTemplate() {
        Path file = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(file)) {
            try {
                return Optional.of(Files.readString(file));
            } catch (IOException e) {
                throw new CheckpointException(file + " can't be read: " + e.getMessage(), e);
            }
        }
        return config.filter(fields -> fields.has("chat_template")).map(TokenizerFiles::templateOf);
    }

    private static String templateOf(JsonFields config) {
        JsonNode value = config.node().get("chat_template");
        if (value.isTextual()) {
            return value.textValue();
        }
        for (JsonNode named : value) {
            if (named.path("name").asText("").equals("default")
                    && named.path("template").isTextual()) {
                return named.path("template").textValue();
            }
        }
        throw config.wrong("chat_template", "a text, or a list of {name, template} with one named default");
    }

    /** Texts of the special tokens, by their names; tokenizer_config.json wins over special_tokens_map.json. */
    Map<String, String> specialTokens() {
        Map<String, String> tokens = new TreeMap<>();
        JsonFields.readIfPresent(folder.resolve("special_tokens_map.json")).ifPresent(map -> putAll(map, tokens));
        config.ifPresent(fields -> putAll(fields, tokens));
        return Collections.unmodifiableMap(tokens);
    }

    private static void putAll(JsonFields fields, Map<String, String> tokens) {
        for (String name : SPECIAL) {
            if (fields.has(name)) {
                JsonNode value = fields.node().get(name);
                JsonNode text = value.isObject() ? value.path("content") : value;
                if (!text.isTextual()) {
                    throw fields.wrong(name, "a text, or an object with a content");
                }
                tokens.put(name, text.textValue());
            }
        }
    }
}
