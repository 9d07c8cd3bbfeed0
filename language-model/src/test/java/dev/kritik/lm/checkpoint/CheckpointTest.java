/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.checkpoint.SafetensorsWriter.Tensor;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;

class CheckpointTest {

    private static final String SIZES = """
            "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "head_dim": 2, "vocab_size": 10
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void aTinyQwen2() throws IOException {
        config("Qwen2ForCausalLM", "");
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors());
    }

    @Test
    void opensAFolderWithOneFile() {
        Checkpoint checkpoint = Checkpoint.open(folder).verify();

        assertThat(checkpoint.folder()).isEqualTo(folder.toAbsolutePath());
        assertThat(checkpoint.name()).isEqualTo(folder.getFileName().toString());
        assertThat(checkpoint.tensor("model.layers.1.self_attn.k_proj.bias").shape())
                .containsExactly(4L);
        assertThat(checkpoint.tensor("lm_head.weight").shape()).containsExactly(10L, 8L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    LlamaForCausalLM                   | ''                        | 21
                    LlamaForCausalLM                   | , "attention_bias": true, "mlp_bias": true | 35
                    LlamaForCausalLM                   | , "tie_word_embeddings": true | 20
                    LlamaForSequenceClassification     | ''                        | 21
                    Qwen3ForCausalLM                   | ''                        | 25
                    Gemma2ForCausalLM                  | ''                        | 24
                    Gemma2ForSequenceClassification    | , "num_labels": 1         | 25
                    """)
    void eachFamilyHasItsWeights(String architecture, String keys, int weights) throws IOException {
        config(architecture, keys);
        List<Tensor> tensors = tensors();
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);

        assertThat(tensors).hasSize(weights);
        Checkpoint.open(folder).verify();
    }

    @Test
    void knowsTheNamesAndShapesOfGemma2() throws IOException {
        config("Gemma2ForSequenceClassification", ", \"num_labels\": 1");

        assertThat(WeightLayout.expected(ConfigReader.read(folder.resolve("config.json"))))
                .contains(
                        new Weight("model.embed_tokens.weight", List.of(10L, 8L)),
                        new Weight("model.layers.0.self_attn.q_proj.weight", List.of(8L, 8L)),
                        new Weight("model.layers.1.self_attn.v_proj.weight", List.of(4L, 8L)),
                        new Weight("model.layers.1.mlp.down_proj.weight", List.of(8L, 12L)),
                        new Weight("model.layers.1.pre_feedforward_layernorm.weight", List.of(8L)),
                        new Weight("model.layers.1.post_feedforward_layernorm.weight", List.of(8L)),
                        new Weight("model.norm.weight", List.of(8L)),
                        new Weight("score.weight", List.of(1L, 8L)))
                .noneMatch(weight -> weight.name().startsWith("lm_head"));
    }

    @Test
    void opensShards() throws IOException {
        shard();

        Checkpoint checkpoint = Checkpoint.open(folder).verify();

        assertThat(checkpoint.tensor("model.norm.weight").file()).hasFileName("model-00002-of-00002.safetensors");
        assertThat(checkpoint.tensor("model.embed_tokens.weight").file())
                .hasFileName("model-00001-of-00002.safetensors");
    }

    @Test
    void namesTheShardThatIsMissing() throws IOException {
        shard();
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));

        assertFails("model-00002-of-00002.safetensors is missing");
    }

    @Test
    void namesTheTensorThatItsShardLacks() throws IOException {
        shard();
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replace("\"model.norm.weight\"", "\"model.other.weight\""));

        assertFails("model-00002-of-00002.safetensors lacks tensor model.other.weight");
    }

    @ParameterizedTest
    @CsvSource({"../secret.safetensors", "/etc/passwd", "sub/x.safetensors", "model.bin"})
    void anIndexCannotPointElsewhere(String file) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"" + file + "\"}}");

        assertFails("in the same folder");
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch_model.bin, convert it to safetensors",
        "model.gguf, convert it to safetensors",
        "adapter_config.json, merge it",
        "readme.txt, Is it the folder of a model?"
    })
    void saysWhatToDoWithoutSafetensors(String file, String advice) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve(file), "{}");

        assertFails(advice);
    }

    @Test
    void verifyNamesAMissingTensorAndWhereItLooked() throws IOException {
        List<Tensor> tensors = tensors();
        tensors.removeIf(tensor -> tensor.name().equals("model.layers.1.self_attn.k_proj.bias"));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);

        assertThatThrownBy(() -> Checkpoint.open(folder).verify())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.layers.1.self_attn.k_proj.bias is missing")
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void verifyNamesAWrongShape() throws IOException {
        List<Tensor> tensors = tensors();
        tensors.replaceAll(
                tensor -> tensor.name().equals("model.norm.weight") ? zeros("model.norm.weight", List.of(9L)) : tensor);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);

        assertThatThrownBy(() -> Checkpoint.open(folder).verify())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.norm.weight has the shape [9]: expected [8]");
    }

    @Test
    void anOutputProjectionMayBeThereAlthoughTiedButNotMissWhereItIsNot() throws IOException {
        List<Tensor> untied = tensors();
        config("Qwen2ForCausalLM", ", \"tie_word_embeddings\": true");
        Checkpoint.open(folder).verify();

        untied.removeIf(tensor -> tensor.name().equals("lm_head.weight"));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), untied);
        Checkpoint.open(folder).verify();

        config("Qwen2ForCausalLM", "");
        assertThatThrownBy(() -> Checkpoint.open(folder).verify())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("lm_head.weight")
                .hasMessageContaining("tie_word_embeddings");
    }

    @Test
    void aFolderWithoutAModelIsRefused() {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is no folder");
        assertThatThrownBy(() -> Checkpoint.open(folder.getParent()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no config.json");
    }

    @Test
    void aMissingTokenizerSaysHowToMakeIt() throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder);
        Files.writeString(folder.resolve("tokenizer.model"), "");

        assertThatThrownBy(checkpoint::tokenizerFile)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("only a SentencePiece tokenizer.model")
                .hasMessageContaining("AutoTokenizer");

        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThat(checkpoint.tokenizerFile()).hasFileName("tokenizer.json");
    }

    @Test
    void findsTheChatTemplate() throws IOException {
        assertThat(Checkpoint.open(folder).chatTemplate()).isEmpty();

        tokenizerConfig("{\"chat_template\": \"one\"}");
        assertThat(Checkpoint.open(folder).chatTemplate()).contains("one");

        tokenizerConfig("""
                {"chat_template": [{"name": "tool_use", "template": "two"}, {"name": "default", "template": "three"}]}
                """);
        assertThat(Checkpoint.open(folder).chatTemplate()).contains("three");

        Files.writeString(folder.resolve("chat_template.jinja"), "four");
        assertThat(Checkpoint.open(folder).chatTemplate()).contains("four");

        Files.delete(folder.resolve("chat_template.jinja"));
        tokenizerConfig("{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"two\"}]}");
        assertThatThrownBy(() -> Checkpoint.open(folder).chatTemplate())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("named default");
    }

    @Test
    void findsTheSpecialTokens() throws IOException {
        tokenizerConfig("""
                {"bos_token": null, "eos_token": {"__type": "AddedToken", "content": "<end>"}}
                """);
        Files.writeString(
                folder.resolve("special_tokens_map.json"), "{\"eos_token\": \"<old>\", \"pad_token\": \"<pad>\"}");

        Checkpoint checkpoint = Checkpoint.open(folder);

        assertThat(checkpoint.specialTokens()).isEqualTo(Map.of("eos_token", "<end>", "pad_token", "<pad>"));
    }

    @Test
    void readsHowTextsAreToBeDrawn() throws IOException {
        config("Qwen2ForCausalLM", ", \"eos_token_id\": 7, \"temperature\": 0.3");
        assertThat(Checkpoint.open(folder).generationDefaults().eosTokens()).containsExactly(7);
        assertThat(Checkpoint.open(folder).generationDefaults().temperature()).hasValue(0.3);

        Files.writeString(folder.resolve("generation_config.json"), """
                {"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.95, "eos_token_id": [3, 4]}
                """);
        GenerationDefaults defaults = Checkpoint.open(folder).generationDefaults();

        assertThat(defaults.sample()).isTrue();
        assertThat(defaults.temperature()).hasValue(0.6);
        assertThat(defaults.topK()).hasValue(20);
        assertThat(defaults.topP()).hasValue(0.95);
        assertThat(defaults.maxNewTokens()).isEmpty();
        assertThat(defaults.eosTokens()).containsExactly(3, 4);

        Files.writeString(folder.resolve("generation_config.json"), "{}");
        assertThat(Checkpoint.open(folder).generationDefaults().sample()).isFalse();
        assertThat(Checkpoint.open(folder).generationDefaults().temperature()).isEmpty();
        assertThat(Checkpoint.open(folder).generationDefaults().eosTokens()).containsExactly(7);
    }

    @Test
    void warnsOnceOfWishesThatAreNotSupportedAndNamesThem() throws IOException {
        // Given
        Files.writeString(folder.resolve("generation_config.json"), """
                {"do_sample": true, "repetition_penalty": 1.05, "min_p": 0.1, "typical_p": 1.0, "no_repeat_ngram_size": 0,
                 "num_beams": 1, "bad_words_ids": [], "guidance_scale": null, "suppress_tokens": [5], "top_p": 0.9}
                """);

        // When
        List<ILoggingEvent> warnings = warningsOf(() -> Checkpoint.open(folder));

        // Then
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0).getKeyValuePairs())
                .anySatisfy(pair ->
                        assertThat(pair.value).isEqualTo(List.of("min_p", "repetition_penalty", "suppress_tokens")));
    }

    @Test
    void doesNotWarnOfWishesThatChangeNothingNorForAModelThatWritesNoText() throws IOException {
        Files.writeString(
                folder.resolve("generation_config.json"),
                "{\"repetition_penalty\": 1.0, \"min_p\": null, \"bos_token_id\": 1}");
        assertThat(warningsOf(() -> Checkpoint.open(folder))).isEmpty();

        config("Qwen2ForSequenceClassification", ", \"num_labels\": 1, \"repetition_penalty\": 2");
        Files.delete(folder.resolve("generation_config.json"));
        assertThat(warningsOf(() -> Checkpoint.open(folder))).isEmpty();
    }

    private static List<ILoggingEvent> warningsOf(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(GenerationDefaults.class);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.addAppender(events);
        try {
            action.run();
        } finally {
            logger.detachAppender(events);
        }
        return List.copyOf(events.list);
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    private void config(String architecture, String keys) throws IOException {
        Files.writeString(
                folder.resolve("config.json"), "{\"architectures\": [\"" + architecture + "\"], " + SIZES + keys + "}");
    }

    private void tokenizerConfig(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (Weight weight : WeightLayout.expected(ConfigReader.read(folder.resolve("config.json")))) {
            tensors.add(zeros(weight.name(), weight.shape()));
        }
        return tensors;
    }

    private void shard() throws IOException {
        List<Tensor> tensors = tensors();
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < tensors.size(); i++) {
            map.append(i == 0 ? "" : ", ")
                    .append('"')
                    .append(tensors.get(i).name())
                    .append("\": \"model-0000")
                    .append(i < 10 ? 1 : 2)
                    .append("-of-00002.safetensors\"");
        }
        SafetensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"), tensors.subList(0, 10));
        SafetensorsWriter.write(
                folder.resolve("model-00002-of-00002.safetensors"), tensors.subList(10, tensors.size()));
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + map + "}}");
        Files.delete(folder.resolve("model.safetensors"));
    }

    private static Tensor zeros(String name, List<Long> shape) {
        int elements = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
        return new Tensor(name, shape, () -> FloatBuffer.allocate(elements));
    }
}
