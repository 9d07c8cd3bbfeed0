/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.util.List;

/**
 * What a decoder needs to know of a checkpoint's {@code config.json}. Names follow Hugging Face's.
 *
 * @param family model family
 * @param head what stands on top
 * @param vocabSize rows of the embedding
 * @param hiddenSize width
 * @param intermediateSize width inside the feed-forward part
 * @param layers decoder layers
 * @param heads attention heads
 * @param kvHeads heads of keys and values; divides {@code heads}
 * @param headDim width of a head
 * @param normEps epsilon of RMSNorm
 * @param rope position embedding
 * @param attentionScale what scores are multiplied with: 1/sqrt(head_dim), or Gemma 2's 1/sqrt(query_pre_attn_scalar)
 * @param attentionSoftcap Gemma 2's attn_logit_softcapping; 0: none
 * @param finalSoftcap Gemma 2's final_logit_softcapping; 0: none
 * @param activation of the feed-forward part
 * @param qkvBias whether the projections of query, key and value have biases
 * @param outputBias whether the attention's output projection has one
 * @param mlpBias whether the feed-forward projections have biases
 * @param qkNorm Qwen3: RMSNorm on each head of query and key
 * @param normPlusOne Gemma: weights of norms are stored minus one
 * @param sandwichNorms Gemma 2: norms after attention and feed-forward too
 * @param embeddingScale what embeddings are multiplied with; 1, or Gemma's sqrt(hidden_size)
 * @param tiedEmbeddings whether the output projection is the embedding
 * @param slidingWindow positions that a windowed layer sees, itself included; 0: no layer is windowed
 * @param windowed for each layer, whether it is windowed; as many as layers
 * @param maxPositions longest context, in tokens
 * @param labels outputs of a {@link Head#SCORE}; 0 for a language model
 * @param eosTokens tokens that end a text; may be empty
 * @param storedType element type that config.json names (torch_dtype or dtype); float32 when it names none
 */
public record ModelConfig(
        Family family,
        Head head,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double normEps,
        RopeSettings rope,
        double attentionScale,
        double attentionSoftcap,
        double finalSoftcap,
        Activation activation,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        boolean normPlusOne,
        boolean sandwichNorms,
        double embeddingScale,
        boolean tiedEmbeddings,
        int slidingWindow,
        List<Boolean> windowed,
        int maxPositions,
        int labels,
        List<Integer> eosTokens,
        StoredType storedType) {

    public ModelConfig {
        windowed = List.copyOf(windowed);
        eosTokens = List.copyOf(eosTokens);
    }

    /** The same decoder with a head that gives one number in place of logits over the vocabulary. */
    public ModelConfig withScoreHead() {
        return new ModelConfig(
                family,
                Head.SCORE,
                vocabSize,
                hiddenSize,
                intermediateSize,
                layers,
                heads,
                kvHeads,
                headDim,
                normEps,
                rope,
                attentionScale,
                attentionSoftcap,
                finalSoftcap,
                activation,
                qkvBias,
                outputBias,
                mlpBias,
                qkNorm,
                normPlusOne,
                sandwichNorms,
                embeddingScale,
                tiedEmbeddings,
                slidingWindow,
                windowed,
                maxPositions,
                1,
                eosTokens,
                storedType);
    }

    /**
     * Checks a text before it is computed: on a GPU, a token beyond the vocabulary would end the process's use of the device.
     *
     * @param id names the text in the message
     * @throws IllegalArgumentException if there is no token, or one that the embedding doesn't have
     */
    public void requireTokens(String id, int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("the text of " + id + " has no token");
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabSize) {
                throw new IllegalArgumentException("the text of " + id + " has the token " + token
                        + ", and the model knows " + vocabSize + ": its tokenizer doesn't fit it");
            }
        }
    }

    /** Families, by Hugging Face's {@code model_type}. */
    public enum Family {
        LLAMA,
        QWEN2,
        QWEN3,
        GEMMA2
    }

    /** What stands on top of the decoder. */
    public enum Head {
        /** {@code ...ForCausalLM}: logits over the vocabulary. */
        LANGUAGE_MODEL,
        /** {@code ...ForSequenceClassification}: {@code score.weight} on the last token that is no padding. */
        SCORE
    }

    /** Activations of the gated feed-forward part. */
    public enum Activation {
        SILU,
        /** {@code gelu_pytorch_tanh}. */
        GELU_TANH
    }
}
