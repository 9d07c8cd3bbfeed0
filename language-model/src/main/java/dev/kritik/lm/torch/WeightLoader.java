/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.checkpoint.TensorInfo;
import dev.kritik.lm.checkpoint.WeightLayout;

/**
 * Hands a checkpoint's tensors to the decoder, in the order in which {@code finish_loading} takes them. Files are mapped by
 * libtorch: any size, nothing read twice, and types that DJL's arrays don't know (bfloat16) stay inside TorchScript.
 */
final class WeightLoader {

    private static final List<String> LAYER = List.of(
            "input_layernorm.weight",
            "self_attn.q_proj.weight",
            "self_attn.k_proj.weight",
            "self_attn.v_proj.weight",
            "self_attn.q_proj.bias",
            "self_attn.k_proj.bias",
            "self_attn.v_proj.bias",
            "self_attn.q_norm.weight",
            "self_attn.k_norm.weight",
            "self_attn.o_proj.weight",
            "self_attn.o_proj.bias",
            "post_attention_layernorm.weight",
            "mlp.gate_proj.weight",
            "mlp.up_proj.weight",
            "mlp.gate_proj.bias",
            "mlp.up_proj.bias",
            "mlp.down_proj.weight",
            "mlp.down_proj.bias",
            "pre_feedforward_layernorm.weight",
            "post_feedforward_layernorm.weight");

    private final ScriptModule module;
    private final Checkpoint checkpoint;
    private final int wanted;
    private final String device;
    private final Map<Mapped, Long> files = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    WeightLoader(ScriptModule module, Checkpoint checkpoint, int wanted, String device) {
        this.module = module;
        this.checkpoint = checkpoint;
        this.wanted = wanted;
        this.device = device;
        WeightLayout.expected(checkpoint.config()).forEach(weight -> names.add(weight.name()));
    }

    void load() {
        ModelConfig config = checkpoint.config();
        add("model.embed_tokens.weight");
        add("model.norm.weight");
        if (config.head() == ModelConfig.Head.SCORE) {
            add("score.weight");
        } else if (config.tiedEmbeddings()) {
            module.run("add_again", 0);
        } else {
            add("lm_head.weight");
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            for (String name : LAYER) {
                add("model.layers." + layer + "." + name);
            }
        }
        module.run("finish_loading");
    }

    private void add(String name) {
        if (!names.contains(name)) {
            module.run("add_none");
            return;
        }
        TensorInfo tensor = checkpoint.tensor(name);
        int size = tensor.type().bytes();
        if (tensor.offset() % size != 0) {
            throw new CheckpointException(tensor.file() + ": tensor " + name + " begins at byte " + tensor.offset()
                    + ", which is no multiple of its " + size + " bytes an element; save the checkpoint again");
        }
        long file = files.computeIfAbsent(
                new Mapped(tensor.file(), tensor.type()),
                mapped -> module.runLong(
                        "open_file",
                        mapped.file().toString(),
                        size(mapped.file()) / size,
                        Decoder.number(mapped.type())));
        module.run("add", file, tensor.offset() / size, tensor.length() / size, tensor.shape(), wanted, device);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file, mapped as elements of one type. */
    private record Mapped(Path file, StoredType type) {}
}
