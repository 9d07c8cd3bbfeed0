/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

import dev.kritik.lm.checkpoint.ModelConfig.Activation;
import dev.kritik.lm.checkpoint.ModelConfig.Family;
import dev.kritik.lm.checkpoint.ModelConfig.Head;

/**
 * Reads {@code config.json}. What the file leaves out has transformers' defaults for the family, and both ways to write it
 * are read: that of transformers 4 ({@code rope_theta}, {@code rope_scaling}, {@code torch_dtype}) and that of 5
 * ({@code rope_parameters}, {@code dtype}, {@code layer_types}). What would change the numbers and isn't supported is an
 * error that names the key; a wrong number from a model that only seems to work is worse.
 */
public final class ConfigReader {

    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private final JsonFields config;
    private final Architecture architecture;

    private ConfigReader(JsonFields config) {
        this.config = config;
        this.architecture = Architecture.of(config);
    }

    /**
     * Reads a config.
     *
     * @throws CheckpointException for an unknown architecture, a feature that isn't supported, or a value that can't be;
     *     names the key
     */
    public static ModelConfig read(Path file) {
        return new ConfigReader(JsonFields.read(file)).read();
    }

    /** @throws CheckpointException when it is not above 0 */
    static double initializerRange(Path file) {
        return new ConfigReader(JsonFields.read(file)).positive("initializer_range", 0.02);
    }

    private ModelConfig read() {
        refuseUnsupported();
        Family family = architecture.family();
        boolean gemma = family == Family.GEMMA2;
        boolean projectionBias = family != Family.QWEN2 && config.flag("attention_bias", false);
        int hidden = config.size("hidden_size");
        int layers = config.size("num_hidden_layers");
        int heads = config.size("num_attention_heads");
        int headDim = headDim(hidden, heads);
        int maxPositions = config.size("max_position_embeddings", defaultPositions());
        List<Boolean> windowed = windowed(layers);
        List<Integer> eos = config.mentions("eos_token_id") ? config.tokens("eos_token_id") : defaultEos();
        return new ModelConfig(
                family,
                architecture.head(),
                config.size("vocab_size"),
                hidden,
                config.size("intermediate_size"),
                layers,
                heads,
                kvHeads(heads),
                headDim,
                positive("rms_norm_eps", 1e-6),
                RopeReader.read(config, maxPositions),
                1 / Math.sqrt(gemma ? positive("query_pre_attn_scalar", 256) : headDim),
                gemma ? softcap("attn_logit_softcapping", 50) : 0,
                gemma ? softcap("final_logit_softcapping", 30) : 0,
                activation(),
                family == Family.QWEN2 || projectionBias,
                projectionBias,
                family == Family.LLAMA && config.flag("mlp_bias", false),
                family == Family.QWEN3,
                gemma,
                gemma,
                gemma ? Math.sqrt(hidden) : 1,
                config.flag("tie_word_embeddings", gemma),
                windowed.contains(true) ? slidingWindow() : 0,
                windowed,
                maxPositions,
                architecture.head() == Head.SCORE ? labels() : 0,
                eos,
                storedType());
    }

    private void refuseUnsupported() {
        for (String key : List.of("quantization_config", "compression_config")) {
            if (config.has(key)) {
                throw new CheckpointException(config.where() + ": '" + key + "' is there: quantized checkpoints aren't"
                        + " supported; give the original in float32, float16 or bfloat16");
            }
        }
        for (String key : List.of("num_experts", "num_local_experts", "n_routed_experts")) {
            if (config.integer(key).orElse(0) > 0) {
                throw config.wrong(key, "none: mixtures of experts aren't supported");
            }
        }
        if (config.flag("use_bidirectional_attention", false)) {
            throw config.wrong("use_bidirectional_attention", "false: only causal attention is supported");
        }
    }

    private int headDim(int hidden, int heads) {
        int headDim;
        if (config.has("head_dim")) {
            headDim = config.size("head_dim");
        } else if (architecture.family() == Family.QWEN3) {
            headDim = 128;
        } else if (architecture.family() == Family.GEMMA2) {
            headDim = 256;
        } else if (hidden % heads == 0) {
            headDim = hidden / heads;
        } else {
            throw config.wrong(
                    "hidden_size", "a multiple of num_attention_heads (" + heads + "), or a head_dim beside it");
        }
        if (headDim % 2 != 0) {
            throw new CheckpointException(config.where() + ": the width of a head (head_dim) is " + headDim
                    + ": rotary embedding needs it even");
        }
        return headDim;
    }

    private int kvHeads(int heads) {
        String key = "num_key_value_heads";
        // Absent and null differ here: null is "as many as heads" in all families, absent is the family's default.
        int otherwise = config.mentions(key)
                ? heads
                : switch (architecture.family()) {
                    case LLAMA -> heads;
                    case QWEN2, QWEN3 -> 32;
                    case GEMMA2 -> 4;
                };
        int kvHeads = config.size(key, otherwise);
        if (heads % kvHeads != 0) {
            throw new CheckpointException(config.where() + ": '" + key + "' is " + kvHeads
                    + (config.has(key) ? "" : " (by default)") + ": expected a divisor of num_attention_heads (" + heads
                    + ")");
        }
        return kvHeads;
    }

    /** Llama knows no windows, whatever its config says: transformers ignores the key there, and so do we. */
    private List<Boolean> windowed(int layers) {
        if (architecture.family() == Family.LLAMA) {
            return Collections.nCopies(layers, false);
        }
        if (config.has("layer_types")) {
            List<String> types = config.texts("layer_types");
            if (types.size() != layers || !types.stream().allMatch(type -> type.equals(SLIDING) || type.equals(FULL))) {
                throw config.wrong("layer_types", SLIDING + " or " + FULL + " for each of the " + layers + " layers");
            }
            return types.stream().map(SLIDING::equals).toList();
        }
        if (architecture.family() == Family.GEMMA2) {
            return IntStream.range(0, layers).mapToObj(layer -> layer % 2 == 0).toList();
        }
        // A window of null is a switch too: then no layer is windowed.
        boolean used = config.flag("use_sliding_window", false)
                && (config.has("sliding_window") || !config.mentions("sliding_window"));
        int first = config.integer("max_window_layers").orElse(28);
        return IntStream.range(0, layers)
                .mapToObj(layer -> used && layer >= first)
                .toList();
    }

    private int slidingWindow() {
        boolean switchedOff = architecture.family() != Family.GEMMA2 && !config.flag("use_sliding_window", false);
        boolean nullWindow = config.mentions("sliding_window") && !config.has("sliding_window");
        if (switchedOff || nullWindow) {
            throw new CheckpointException(config.where() + ": 'layer_types' names layers with " + SLIDING + ", but "
                    + (switchedOff ? "'use_sliding_window' is false" : "'sliding_window' is null"));
        }
        return config.size("sliding_window", 4096);
    }

    private Activation activation() {
        // Gemma 2's hidden_act is a leftover that transformers doesn't read.
        boolean gemma = architecture.family() == Family.GEMMA2;
        String key = gemma ? "hidden_activation" : "hidden_act";
        return switch (config.text(key).orElse(gemma ? "gelu_pytorch_tanh" : "silu")) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            default -> throw config.wrong(key, "silu or gelu_pytorch_tanh");
        };
    }

    /** As transformers counts: the names win over the number, and a classifier that tells neither has two. */
    private int labels() {
        int named = config.object("id2label").map(names -> names.node().size()).orElse(0);
        return named > 0 ? named : config.size("num_labels", 2);
    }

    private StoredType storedType() {
        String key = config.has("dtype") ? "dtype" : "torch_dtype";
        return switch (config.text(key).orElse("float32")) {
            case "float32", "torch.float32" -> StoredType.F32;
            case "float16", "torch.float16" -> StoredType.F16;
            case "bfloat16", "torch.bfloat16" -> StoredType.BF16;
            default -> throw config.wrong(key, "float32, float16 or bfloat16");
        };
    }

    private int defaultPositions() {
        return switch (architecture.family()) {
            case LLAMA -> 2048;
            case QWEN2, QWEN3 -> 32768;
            case GEMMA2 -> 8192;
        };
    }

    private List<Integer> defaultEos() {
        return switch (architecture.family()) {
            case LLAMA -> List.of(2);
            case QWEN2, QWEN3 -> List.of();
            case GEMMA2 -> List.of(1);
        };
    }

    private double softcap(String key, double otherwise) {
        boolean none = config.mentions(key) && !config.has(key);
        return none ? 0 : positive(key, otherwise);
    }

    private double positive(String key, double otherwise) {
        OptionalDouble value = config.number(key);
        if (value.isPresent() && value.getAsDouble() <= 0) {
            throw config.wrong(key, "above 0");
        }
        return value.orElse(otherwise);
    }
}
