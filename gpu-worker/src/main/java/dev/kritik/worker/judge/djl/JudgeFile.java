/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.worker.prompt.PromptVersion;

/**
 * What a judge's checkpoint says of itself for Kritik, in the file {@code kritik.json} beside its {@code config.json}:
 * <code>{"prompt": "brief-v1"}</code>. A checkpoint without such a file is fine. One with a field that is not known is
 * refused: a slip of the pen would else silently mean the default.
 */
public final class JudgeFile {

    /** Its name. */
    public static final String NAME = "kritik.json";

    private static final String PROMPT = "prompt";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JudgeFile() {}

    /**
     * The wording of the prompt that the checkpoint was trained on; empty when it says none.
     *
     * @throws CheckpointException if the file is there and can't be used
     */
    public static Optional<PromptVersion> prompt(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return prompt(JSON.readTree(file.toFile()));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file + " can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<PromptVersion> prompt(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("no JSON object");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!name.equals(PROMPT)) {
                throw new IllegalArgumentException("unknown field '" + name + "'; known is " + PROMPT);
            }
        });
        JsonNode prompt = json.path(PROMPT);
        if (prompt.isMissingNode()) {
            return Optional.empty();
        }
        if (!prompt.isTextual()) {
            throw new IllegalArgumentException(PROMPT + " is " + prompt + ": give a name in quotes");
        }
        return Optional.of(PromptVersion.of(prompt.textValue()));
    }

    /** Writes the file into a checkpoint's folder, over one that is there. */
    public static void write(Path folder, PromptVersion prompt) throws IOException {
        Files.writeString(folder.resolve(NAME), "{\"" + PROMPT + "\": \"" + prompt.label() + "\"}\n");
    }
}
