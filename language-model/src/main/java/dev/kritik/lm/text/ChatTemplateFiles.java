/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.kritik.lm.checkpoint.CheckpointException;

/**
 * The chat template of a checkpoint, as Hugging Face stores it.
 *
 * @param from the file it was found in
 */
record ChatTemplateFiles(String template, Path from, Map<String, String> specialTokens) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws CheckpointException if a file can't be read, or none has a template */
    static ChatTemplateFiles read(Path folder) {
        JsonNode config = json(folder.resolve("tokenizer_config.json"));
        Map<String, String> tokens = new HashMap<>();
        addTokens(json(folder.resolve("special_tokens_map.json")), tokens);
        addTokens(config, tokens);

        Path file = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(file)) {
            return new ChatTemplateFiles(text(file), file, tokens);
        }
        Path older = folder.resolve("chat_template.json");
        String template = template(json(older).get("chat_template"));
        if (template != null) {
            return new ChatTemplateFiles(template, older, tokens);
        }
        template = template(config.get("chat_template"));
        if (template != null) {
            return new ChatTemplateFiles(template, folder.resolve("tokenizer_config.json"), tokens);
        }
        throw new CheckpointException("no chat template in " + folder
                + ". The checkpoint may never have been taught to converse: choose a template that fits it, and save it"
                + " as " + file);
    }

    private static String template(JsonNode node) {
        if (node == null || !node.isArray()) {
            return node == null || !node.isTextual() ? null : node.asText();
        }
        for (JsonNode named : node) {
            if (named.path("name").asText().equals("default")) {
                return named.path("template").asText();
            }
        }
        return null;
    }

    private static void addTokens(JsonNode node, Map<String, String> tokens) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue().isObject() ? field.getValue().path("content") : field.getValue();
            if (field.getKey().endsWith("_token") && value.isTextual()) {
                tokens.put(field.getKey(), value.asText());
            }
        });
    }

    private static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new CheckpointException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CheckpointException(file + " can't be read: " + e.getMessage(), e);
        }
    }
}
