/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

import dev.kritik.lm.checkpoint.ModelConfig.Activation;
import dev.kritik.lm.checkpoint.ModelConfig.Family;
import dev.kritik.lm.checkpoint.ModelConfig.Head;
import dev.kritik.lm.checkpoint.RopeSettings.Scaling;

class ConfigReaderTest {

    private static final String SMALL = """
            "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 32,
            "vocab_size": 1000
            """;

    @TempDir
    Path folder;

    @Test
    void readsLlamaWithItsStretchedRope() {
        ModelConfig config = read(PublishedConfigs.LLAMA_3_2_1B);

        assertThat(config)
                .isEqualTo(new ModelConfig(
                        Family.LLAMA,
                        Head.LANGUAGE_MODEL,
                        128256,
                        2048,
                        8192,
                        16,
                        32,
                        8,
                        64,
                        1e-5,
                        new RopeSettings(500_000, Scaling.LLAMA3, 32, 1, 4, 8192),
                        0.125,
                        0,
                        0,
                        Activation.SILU,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        1,
                        true,
                        0,
                        Collections.nCopies(16, false),
                        131072,
                        0,
                        List.of(128001, 128008, 128009),
                        StoredType.BF16));
    }

    @Test
    void readsQwen2WhoseQueriesKeysAndValuesAlwaysHaveBiases() {
        ModelConfig config = read(PublishedConfigs.QWEN_2_5_7B);

        assertThat(config.family()).isEqualTo(Family.QWEN2);
        assertThat(config.qkvBias()).isTrue();
        assertThat(config.outputBias()).isFalse();
        assertThat(config.qkNorm()).isFalse();
        assertThat(config.headDim()).isEqualTo(128);
        assertThat(config.kvHeads()).isEqualTo(4);
        assertThat(config.tiedEmbeddings()).isFalse();
        assertThat(config.slidingWindow()).isZero();
        assertThat(config.windowed()).hasSize(28).doesNotContain(true);
        assertThat(config.rope()).isEqualTo(RopeSettings.plain(1e6));
        assertThat(config.eosTokens()).containsExactly(151645);
    }

    @Test
    void readsQwen3WithNormsOnQueriesAndKeys() {
        ModelConfig config = read(PublishedConfigs.QWEN_3_8B);

        assertThat(config.family()).isEqualTo(Family.QWEN3);
        assertThat(config.qkNorm()).isTrue();
        assertThat(config.qkvBias()).isFalse();
        assertThat(config.headDim()).isEqualTo(128);
        assertThat(config.attentionScale()).isEqualTo(1 / Math.sqrt(128));
        assertThat(config.rope()).isEqualTo(RopeSettings.plain(1e6));
        assertThat(config.maxPositions()).isEqualTo(40960);
    }

    @Test
    void readsGemma2WithItsCapsWindowsAndScales() {
        ModelConfig config = read(PublishedConfigs.GEMMA_2_27B);

        assertThat(config.family()).isEqualTo(Family.GEMMA2);
        assertThat(config.attentionScale()).isCloseTo(1 / 12.0, within(1e-12));
        assertThat(config.attentionSoftcap()).isEqualTo(50);
        assertThat(config.finalSoftcap()).isEqualTo(30);
        assertThat(config.activation()).isEqualTo(Activation.GELU_TANH);
        assertThat(config.normPlusOne()).isTrue();
        assertThat(config.sandwichNorms()).isTrue();
        assertThat(config.embeddingScale()).isEqualTo(Math.sqrt(4608));
        assertThat(config.tiedEmbeddings()).as("by default").isTrue();
        assertThat(config.slidingWindow()).isEqualTo(4096);
        assertThat(config.windowed().subList(0, 4)).containsExactly(true, false, true, false);
    }

    @Test
    void whatIsLeftOutHasTheDefaultsOfTheFamily() {
        ModelConfig llama = read(small("LlamaForCausalLM", ""));
        ModelConfig qwen2 = read(small("Qwen2ForCausalLM", ""));
        ModelConfig qwen3 = read(small("Qwen3ForCausalLM", ""));
        ModelConfig gemma2 = read(small("Gemma2ForCausalLM", ""));

        assertThat(List.of(llama.headDim(), qwen2.headDim(), qwen3.headDim(), gemma2.headDim()))
                .containsExactly(2, 2, 128, 256);
        assertThat(List.of(llama.kvHeads(), qwen2.kvHeads(), qwen3.kvHeads(), gemma2.kvHeads()))
                .containsExactly(32, 32, 32, 4);
        assertThat(List.of(llama.maxPositions(), qwen2.maxPositions(), qwen3.maxPositions(), gemma2.maxPositions()))
                .containsExactly(2048, 32768, 32768, 8192);
        assertThat(List.of(llama.eosTokens(), qwen2.eosTokens(), qwen3.eosTokens(), gemma2.eosTokens()))
                .containsExactly(List.of(2), List.of(), List.of(), List.of(1));
        assertThat(List.of(llama.tiedEmbeddings(), qwen2.tiedEmbeddings(), gemma2.tiedEmbeddings()))
                .containsExactly(false, false, true);
        assertThat(List.of(llama.normEps(), qwen2.normEps(), gemma2.normEps())).containsOnly(1e-6);
        assertThat(llama.rope()).isEqualTo(RopeSettings.plain(10_000));
        assertThat(llama.storedType()).isEqualTo(StoredType.F32);
        assertThat(gemma2.attentionScale()).isEqualTo(1 / 16.0);
        assertThat(gemma2.attentionSoftcap()).isEqualTo(50);
        assertThat(gemma2.finalSoftcap()).isEqualTo(30);
        assertThat(gemma2.slidingWindow()).isEqualTo(4096);
    }

    @Test
    void readsTheStyleOfTransformers5() {
        ModelConfig config = read(small("Qwen2ForCausalLM", """
                , "dtype": "float16", "use_sliding_window": true, "sliding_window": 16,
                "layer_types": ["full_attention", "sliding_attention", "full_attention", "sliding_attention"],
                "rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 20000.0}
                """));

        assertThat(config.storedType()).isEqualTo(StoredType.F16);
        assertThat(config.rope()).isEqualTo(new RopeSettings(20_000, Scaling.LINEAR, 2, 1, 4, 0));
        assertThat(config.windowed()).containsExactly(false, true, false, true);
        assertThat(config.slidingWindow()).isEqualTo(16);
    }

    @Test
    void windowsOfQwenBeginAtAGivenLayer() {
        String keys = ", \"use_sliding_window\": true, \"max_window_layers\": 3, \"sliding_window\": ";

        assertThat(read(small("Qwen3ForCausalLM", keys + 8)).windowed()).containsExactly(false, false, false, true);
        assertThat(read(small("Qwen3ForCausalLM", keys + "null")).windowed()).doesNotContain(true);
        assertThat(read(small("LlamaForCausalLM", keys + 8)).windowed()).doesNotContain(true);
    }

    @Test
    void biasesDependOnTheFamily() {
        String keys = ", \"attention_bias\": true, \"mlp_bias\": true";

        ModelConfig llama = read(small("LlamaForCausalLM", keys));
        ModelConfig qwen2 = read(small("Qwen2ForCausalLM", keys));
        ModelConfig qwen3 = read(small("Qwen3ForCausalLM", keys));

        assertThat(List.of(llama.qkvBias(), llama.outputBias(), llama.mlpBias()))
                .containsOnly(true);
        assertThat(List.of(qwen2.qkvBias(), qwen2.outputBias(), qwen2.mlpBias()))
                .containsExactly(true, false, false);
        assertThat(List.of(qwen3.qkvBias(), qwen3.outputBias(), qwen3.mlpBias()))
                .containsExactly(true, true, false);
    }

    @Test
    void capsAndTokensOfNullAreNone() {
        ModelConfig config = read(small("Gemma2ForCausalLM", """
                , "attn_logit_softcapping": null, "final_logit_softcapping": null, "eos_token_id": null
                """));

        assertThat(config.attentionSoftcap()).isZero();
        assertThat(config.finalSoftcap()).isZero();
        assertThat(config.eosTokens()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                | 2
                    , "num_labels": 1                                 | 1
                    , "id2label": {"0": "a", "1": "b", "2": "c"}      | 3
                    , "id2label": {"0": "LABEL_0"}, "num_labels": 5   | 1
                    """)
    void countsTheLabelsOfAScoreHeadAsTransformersDoes(String keys, int labels) {
        for (String family : List.of("Llama", "Qwen2", "Qwen3", "Gemma2")) {
            ModelConfig config = read(small(family + "ForSequenceClassification", keys));

            assertThat(config.head()).isEqualTo(Head.SCORE);
            assertThat(config.labels()).isEqualTo(labels);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MistralForCausalLM", "Qwen2MoeForCausalLM", "LlamaForTokenClassification", "LlamaModel"})
    void anotherArchitectureIsRefusedByName(String architecture) {
        assertThatThrownBy(() -> read(small(architecture, "")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(architecture + " isn't supported")
                .hasMessageContaining("Qwen3ForCausalLM")
                .hasMessageContaining("Gemma2ForSequenceClassification");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "quantization_config": {"bits": 4}                                       | quantization_config
                    "num_local_experts": 8                                                   | num_local_experts
                    "partial_rotary_factor": 0.5                                             | partial_rotary_factor
                    "rope_scaling": {"type": "yarn", "factor": 4.0}                          | yarn
                    "rope_scaling": {"type": "dynamic", "factor": 4.0}                       | dynamic
                    "rope_scaling": {"type": "linear"}                                       | is missing
                    "rope_scaling": {"rope_type": "llama3", "factor": 8.0}                   | is missing
                    "rope_parameters": {"full_attention": {"rope_theta": 1.0}}               | differs by kind of layer
                    "rope_theta": 0                                                          | rope_theta
                    "hidden_act": "relu"                                                     | hidden_act
                    "model_type": "mistral"                                                  | model_type
                    "num_key_value_heads": 5                                                 | num_key_value_heads
                    "head_dim": 3                                                            | head_dim
                    "head_dim": 0                                                            | head_dim
                    "head_dim": 2.5                                                          | head_dim
                    "head_dim": 1e12                                                         | head_dim
                    "rms_norm_eps": "tiny"                                                   | rms_norm_eps
                    "torch_dtype": "float64"                                                 | torch_dtype
                    "tie_word_embeddings": "yes"                                             | tie_word_embeddings
                    "eos_token_id": ["end"]                                                  | eos_token_id
                    """)
    void whatIsNotSupportedOrCannotBeIsRefusedByItsKey(String key, String named) {
        assertThatThrownBy(() -> read(small("LlamaForCausalLM", ", " + key)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "layer_types": ["full_attention"]                                                          | layer_types
                    "layer_types": ["full_attention", "full_attention", "full_attention", "linear_attention"]  | layer_types
                    "sliding_window": null                                                                     | sliding_window
                    "sliding_window": 0                                                                        | sliding_window
                    "hidden_activation": "gelu"                                                                | hidden_activation
                    "final_logit_softcapping": 0                                                               | final_logit_softcapping
                    "use_bidirectional_attention": true                                                        | use_bidirectional_attention
                    """)
    void soIsWhatOnlyGemmaHas(String key, String named) {
        assertThatThrownBy(() -> read(small("Gemma2ForCausalLM", ", " + key)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(named);
    }

    @Test
    void layersWithWindowsWhileWindowsAreSwitchedOffAreAContradiction() {
        String keys = """
                , "layer_types": ["full_attention", "full_attention", "full_attention", "sliding_attention"]
                """;

        assertThatThrownBy(() -> read(small("Qwen2ForCausalLM", keys)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("use_sliding_window");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden_size",
                "intermediate_size",
                "num_hidden_layers",
                "num_attention_heads",
                "vocab_size",
                "architectures"
            })
    void aMissingSizeIsNamed(String key) throws JsonProcessingException {
        ObjectNode config = (ObjectNode) JsonFields.MAPPER.readTree(PublishedConfigs.QWEN_3_8B);
        config.remove(key);

        assertThatThrownBy(() -> read(config.toString()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'" + key + "' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\": 1, \"a\": 2}", "{} {}", "<html>"})
    void whatIsNoConfigIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json");
    }

    private static String small(String architecture, String keys) {
        return "{\"architectures\": [\"" + architecture + "\"], " + SMALL + keys + "}";
    }

    private ModelConfig read(String json) {
        try {
            return ConfigReader.read(Files.writeString(folder.resolve("config.json"), json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
