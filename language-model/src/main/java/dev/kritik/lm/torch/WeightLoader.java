/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.WeightLayout;

/**
 * Hands a model's tensors to the decoder, in the order in which {@code finish_loading} takes them, in place of those that it
 * has.
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
    private final ModelConfig config;
    private final Consumer<String> source;
    private final Set<String> names = new HashSet<>();

    /**
     * A loader.
     *
     * @param source has the tensor of a name added to the module
     */
    WeightLoader(ScriptModule module, ModelConfig config, Consumer<String> source) {
        this.module = module;
        this.config = config;
        this.source = source;
        WeightLayout.expected(config).forEach(weight -> names.add(weight.name()));
    }

    void load() {
        module.run("begin_loading");
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
        if (names.contains(name)) {
            source.accept(name);
        } else {
            module.run("add_none");
        }
    }
}
