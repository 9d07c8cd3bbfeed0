/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.kritik.lm.checkpoint.ModelConfig.Head;

/** Writes the folder of a model that another one's was the beginning of. */
public final class CheckpointWriter {

    /** What belongs to a model's texts, and stays as it is when its weights change. */
    private static final List<String> COPIED = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "generation_config.json");

    private CheckpointWriter() {}

    /**
     * Writes weights, config.json, and what belongs to the tokenizer. Each file is forced to the disk; the folder as a whole
     * is not written at once.
     *
     * @param source where config.json and the tokenizer come from
     * @param config what the weights are of; may have another head than the source
     * @throws UncheckedIOException when a file can't be written
     */
    public static void write(
            Path folder,
            Checkpoint source,
            ModelConfig config,
            StoredType type,
            List<SafetensorsWriter.Tensor> tensors) {
        try {
            Files.createDirectories(folder);
            for (String name : COPIED) {
                Path from = source.folder().resolve(name);
                Path to = folder.resolve(name);
                if (Files.isRegularFile(from) && !(Files.exists(to) && Files.isSameFile(from, to))) {
                    write(to, Files.readAllBytes(from));
                }
            }
            write(folder.resolve("config.json"), config(source, config, type));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " can't be written: " + e.getMessage(), e);
        }
        SafetensorsWriter.write(folder.resolve(Shards.SINGLE), type, tensors);
    }

    private static byte[] config(Checkpoint source, ModelConfig config, StoredType type) {
        ObjectNode json = (ObjectNode)
                JsonFields.read(source.folder().resolve("config.json")).node();
        json.putArray("architectures").add(new Architecture(config.family(), config.head()).name());
        // Its name since transformers 5, and before.
        json.put(
                json.has("dtype") ? "dtype" : "torch_dtype",
                switch (type) {
                    case F32 -> "float32";
                    case F16 -> "float16";
                    case BF16 -> "bfloat16";
                });
        if (config.head() == Head.SCORE && source.config().head() != Head.SCORE) {
            json.put("num_labels", config.labels());
            json.putObject("id2label").put("0", "LABEL_0");
            json.putObject("label2id").put("LABEL_0", 0);
        }
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
