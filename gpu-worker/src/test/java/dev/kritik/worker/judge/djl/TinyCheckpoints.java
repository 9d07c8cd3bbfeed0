/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tiny random checkpoints of the module language-model. */
final class TinyCheckpoints {

    private TinyCheckpoints() {}

    /** Skips the test in a build without PyTorch's natives ({@code ./kritik test} has them). */
    static void assumeNatives() {
        assumeTrue(
                TinyCheckpoints.class.getResource("/native/lib/pytorch.properties") != null,
                "PyTorch's natives are not in this build: run with -Pdjl");
    }

    /** A checkpoint with a context of 512 tokens. */
    static Path folder(String name) {
        return Path.of(System.getProperty("kritik.root"), "language-model/src/test/resources/checkpoints", name);
    }

    /** A copy of it that takes prompts as long as ours; its positions are computed, so nothing is missing. */
    static Path withLongContext(String name, Path copy) throws IOException {
        Files.createDirectories(copy);
        for (String file : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(folder(name).resolve(file), copy.resolve(file));
        }
        for (String file : List.of("config.json", "tokenizer_config.json")) {
            String json = Files.readString(folder(name).resolve(file));
            Files.writeString(
                    copy.resolve(file),
                    json.replaceAll("(max_position_embeddings|model_max_length)\": 512", "$1\": 16384"));
        }
        return copy;
    }
}
