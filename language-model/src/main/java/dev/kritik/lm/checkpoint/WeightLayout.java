/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.checkpoint.ModelConfig.Head;

/** Names and shapes of a model's weights, as Hugging Face names them. */
public final class WeightLayout {

    private final List<Weight> weights = new ArrayList<>();
    private final ModelConfig config;

    private WeightLayout(ModelConfig config) {
        this.config = config;
    }

    /**
     * A weight that a checkpoint must hold.
     *
     * @param name Hugging Face's name of it
     * @param shape its dimensions; projections are [outputs, inputs]
     */
    public record Weight(String name, List<Long> shape) {

        public Weight {
            shape = List.copyOf(shape);
        }
    }

    /**
     * All weights that a checkpoint of this config must hold, in the order in which a forward pass meets them. With tied
     * embeddings there is no {@code lm_head.weight} among them, and none with a score head.
     */
    public static List<Weight> expected(ModelConfig config) {
        WeightLayout layout = new WeightLayout(config);
        layout.add("model.embed_tokens.weight", config.vocabSize(), config.hiddenSize());
        for (int layer = 0; layer < config.layers(); layer++) {
            layout.addLayer("model.layers." + layer + ".");
        }
        layout.add("model.norm.weight", config.hiddenSize());
        if (config.head() == Head.SCORE) {
            layout.add("score.weight", config.labels(), config.hiddenSize());
        } else if (!config.tiedEmbeddings()) {
            layout.add("lm_head.weight", config.vocabSize(), config.hiddenSize());
        }
        return List.copyOf(layout.weights);
    }

    private void addLayer(String layer) {
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        add(layer + "input_layernorm.weight", hidden);
        addProjection(layer + "self_attn.q_proj", queries, hidden, config.qkvBias());
        addProjection(layer + "self_attn.k_proj", keys, hidden, config.qkvBias());
        addProjection(layer + "self_attn.v_proj", keys, hidden, config.qkvBias());
        if (config.qkNorm()) {
            add(layer + "self_attn.q_norm.weight", config.headDim());
            add(layer + "self_attn.k_norm.weight", config.headDim());
        }
        addProjection(layer + "self_attn.o_proj", hidden, queries, config.outputBias());
        add(layer + "post_attention_layernorm.weight", hidden);
        if (config.sandwichNorms()) {
            add(layer + "pre_feedforward_layernorm.weight", hidden);
        }
        addProjection(layer + "mlp.gate_proj", config.intermediateSize(), hidden, config.mlpBias());
        addProjection(layer + "mlp.up_proj", config.intermediateSize(), hidden, config.mlpBias());
        addProjection(layer + "mlp.down_proj", hidden, config.intermediateSize(), config.mlpBias());
        if (config.sandwichNorms()) {
            add(layer + "post_feedforward_layernorm.weight", hidden);
        }
    }

    private void addProjection(String name, long outputs, long inputs, boolean bias) {
        add(name + ".weight", outputs, inputs);
        if (bias) {
            add(name + ".bias", outputs);
        }
    }

    private void add(String name, long... shape) {
        List<Long> dimensions = new ArrayList<>();
        for (long dimension : shape) {
            dimensions.add(dimension);
        }
        weights.add(new Weight(name, dimensions));
    }
}
