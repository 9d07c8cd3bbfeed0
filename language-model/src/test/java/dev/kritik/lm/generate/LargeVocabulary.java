/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.ConfigReader;
import dev.kritik.lm.checkpoint.SafetensorsWriter;
import dev.kritik.lm.checkpoint.SafetensorsWriter.Tensor;
import dev.kritik.lm.checkpoint.WeightLayout;

/** A random model with a vocabulary that is larger than what the filters of drawing look at first. */
final class LargeVocabulary {

    private LargeVocabulary() {}

    static Checkpoint write(Path folder, int vocabulary) throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": %d, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
                 "tie_word_embeddings": false}
                """.formatted(vocabulary));
        Random random = new Random(8);
        List<Tensor> tensors = WeightLayout.expected(ConfigReader.read(config)).stream()
                .map(weight -> new Tensor(weight.name(), weight.shape(), () -> {
                    FloatBuffer values = FloatBuffer.allocate(
                            Math.toIntExact(weight.shape().stream().reduce(1L, (a, b) -> a * b)));
                    while (values.hasRemaining()) {
                        values.put(
                                (float) random.nextGaussian() * (weight.shape().size() > 1 ? 0.5f : 1));
                    }
                    return values.flip();
                }))
                .toList();
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);
        return Checkpoint.open(folder);
    }
}
