/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.WeightLayout;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;

/**
 * Where a checkpoint's weights stand in {@code trainee.py}: projections of the same input are one under the other in one
 * slot, for one matrix product is faster than three.
 */
final class Slots {

    private static final List<List<String>> LAYER = List.of(
            List.of("input_layernorm.weight"),
            List.of("self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight"),
            List.of("self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias"),
            List.of("self_attn.q_norm.weight"),
            List.of("self_attn.k_norm.weight"),
            List.of("self_attn.o_proj.weight"),
            List.of("self_attn.o_proj.bias"),
            List.of("post_attention_layernorm.weight"),
            List.of("mlp.gate_proj.weight", "mlp.up_proj.weight"),
            List.of("mlp.gate_proj.bias", "mlp.up_proj.bias"),
            List.of("mlp.down_proj.weight"),
            List.of("mlp.down_proj.bias"),
            List.of("pre_feedforward_layernorm.weight"),
            List.of("post_feedforward_layernorm.weight"));

    private final List<List<Weight>> slots = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Weight> weights = new HashMap<>();

    Slots(ModelConfig config) {
        WeightLayout.expected(config).forEach(weight -> weights.put(weight.name(), weight));
        add("", List.of("model.embed_tokens.weight"));
        add("", List.of("model.norm.weight"));
        add("", List.of(config.head() == ModelConfig.Head.SCORE ? "score.weight" : "lm_head.weight"));
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<String> names : LAYER) {
                add("model.layers." + layer + ".", names);
            }
        }
        if (places.size() != weights.size()) {
            throw new IllegalStateException("the code knows " + places.size() + " of " + weights.size() + " weights");
        }
    }

    private void add(String prefix, List<String> names) {
        List<Weight> parts = new ArrayList<>();
        long rows = 0;
        for (String name : names) {
            Weight weight = weights.get(prefix + name);
            if (weight != null) {
                long count = weight.shape().get(0);
                places.put(weight.name(), new Place(slots.size(), rows, count));
                parts.add(weight);
                rows += count;
            }
        }
        slots.add(List.copyOf(parts));
    }

    /** The weights of each slot; a slot without any is empty. */
    List<List<Weight>> all() {
        return slots;
    }

    Place place(String name) {
        return places.get(name);
    }

    /** Rows of a slot. */
    record Place(int slot, long begin, long rows) {}
}
