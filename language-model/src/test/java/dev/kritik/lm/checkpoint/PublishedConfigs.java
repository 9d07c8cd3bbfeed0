/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

/** Configs with the shapes of well-known checkpoints, written as their publishers wrote them. */
final class PublishedConfigs {

    static final String LLAMA_3_2_1B = """
            {
              "architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
              "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009], "head_dim": 64,
              "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 8192,
              "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
              "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8, "pretraining_tp": 1,
              "rms_norm_eps": 1e-05,
              "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                "original_max_position_embeddings": 8192, "rope_type": "llama3"},
              "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
              "transformers_version": "4.45.0.dev0", "use_cache": true, "vocab_size": 128256
            }
            """;

    static final String QWEN_2_5_7B = """
            {
              "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
              "eos_token_id": 151645, "hidden_act": "silu", "hidden_size": 3584, "initializer_range": 0.02,
              "intermediate_size": 18944, "max_position_embeddings": 32768, "max_window_layers": 28,
              "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4,
              "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 131072,
              "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.43.1",
              "use_cache": true, "use_sliding_window": false, "vocab_size": 152064
            }
            """;

    static final String QWEN_3_8B = """
            {
              "architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
              "bos_token_id": 151643, "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu",
              "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 12288,
              "max_position_embeddings": 40960, "max_window_layers": 36, "model_type": "qwen3",
              "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8, "rms_norm_eps": 1e-06,
              "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": false,
              "torch_dtype": "bfloat16", "transformers_version": "4.51.0", "use_cache": true,
              "use_sliding_window": false, "vocab_size": 151936
            }
            """;

    static final String GEMMA_2_27B = """
            {
              "architectures": ["Gemma2ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
              "attn_logit_softcapping": 50.0, "bos_token_id": 2, "cache_implementation": "hybrid",
              "eos_token_id": [1, 107], "final_logit_softcapping": 30.0, "head_dim": 128,
              "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 4608,
              "initializer_range": 0.02, "intermediate_size": 36864, "max_position_embeddings": 8192,
              "model_type": "gemma2", "num_attention_heads": 32, "num_hidden_layers": 46, "num_key_value_heads": 16,
              "pad_token_id": 0, "query_pre_attn_scalar": 144, "rms_norm_eps": 1e-06, "rope_theta": 10000.0,
              "sliding_window": 4096, "sliding_window_size": 4096, "torch_dtype": "bfloat16",
              "transformers_version": "4.42.0.dev0", "use_cache": true, "vocab_size": 256000
            }
            """;

    private PublishedConfigs() {}
}
