/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

import dev.kritik.lm.checkpoint.ModelConfig.Head;
import dev.kritik.lm.checkpoint.Safetensors.Entry;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;

/**
 * A folder with a model as Hugging Face saves it: {@code config.json}, weights in safetensors, {@code tokenizer.json} and
 * what belongs to them. Opening reads the config and the headers of the weights, not the weights. Immutable; files that
 * change later are not noticed.
 */
public final class Checkpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    private final Path folder;
    private final ModelConfig config;
    private final Shards shards;
    private final TokenizerFiles tokenizer;
    private final GenerationDefaults generationDefaults;

    private Checkpoint(Path folder, boolean withWeights) {
        this.folder = folder;
        this.config = ConfigReader.read(folder.resolve("config.json"));
        this.shards = withWeights ? Shards.of(folder) : Shards.none(folder);
        this.tokenizer = new TokenizerFiles(folder);
        this.generationDefaults = GenerationDefaults.read(folder, config);
    }

    /**
     * Opens a checkpoint. Whether its tensors fit its config is for {@link #verify()}.
     *
     * @throws CheckpointException when a needed file is missing or broken, or the model isn't supported
     */
    public static Checkpoint open(Path folder) {
        return open(folder, true);
    }

    /**
     * Opens what is to become a model: config, tokenizer and what belongs to them. Weights, if there are any, are not
     * looked at: {@link #tensor} and {@link #verify()} miss them.
     *
     * @throws CheckpointException when config.json is missing or broken, or the model isn't supported
     */
    public static Checkpoint openWithoutWeights(Path folder) {
        return open(folder, false);
    }

    private static Checkpoint open(Path folder, boolean withWeights) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new CheckpointException(absolute + " is no folder");
        }
        if (!Files.isRegularFile(absolute.resolve("config.json"))) {
            throw new CheckpointException(absolute + " holds no config.json: it isn't the folder of a model");
        }
        return new Checkpoint(absolute, withWeights);
    }

    /**
     * Names of the files that hold a folder's weights, whether they are there or not: {@code model.safetensors} where it is,
     * else what {@code model.safetensors.index.json} lists.
     *
     * @throws CheckpointException when there is neither, or the list is broken
     */
    public static SortedSet<String> weightFiles(Path folder) {
        return Shards.fileNames(folder);
    }

    /** The folder, absolute. */
    public Path folder() {
        return folder;
    }

    /** The folder's name. */
    public String name() {
        return String.valueOf(folder.getFileName());
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * A tensor.
     *
     * @throws CheckpointException when there is none of this name, or its type is none of {@link StoredType}
     */
    public TensorInfo tensor(String name) {
        Entry entry = shards.entries().get(name);
        if (entry == null) {
            throw new CheckpointException("tensor " + name + " is missing in " + looked());
        }
        return entry.info();
    }

    /**
     * Checks that all weights that the config asks for are there, in its shapes. Weights that nothing asks for are logged as
     * a warning: they hint at a model that differs from what its config says.
     *
     * @return this
     * @throws CheckpointException names the first weight that is missing or of another shape or type
     */
    public Checkpoint verify() {
        Set<String> known = new HashSet<>();
        for (Weight weight : WeightLayout.expected(config)) {
            if (weight.name().equals("lm_head.weight") && !shards.entries().containsKey(weight.name())) {
                throw new CheckpointException("tensor lm_head.weight is missing in " + looked()
                        + ", and config.json says that it isn't tied to the embedding (tie_word_embeddings)");
            }
            TensorInfo tensor = tensor(weight.name());
            if (!tensor.shape().equals(weight.shape())) {
                throw new CheckpointException(tensor.file() + ": tensor " + weight.name() + " has the shape "
                        + tensor.shape() + ": expected " + weight.shape() + " by config.json");
            }
            known.add(weight.name());
        }
        warnOfOthers(known);
        return this;
    }

    private void warnOfOthers(Set<String> known) {
        List<String> others = shards.entries().keySet().stream()
                .filter(name -> !known.contains(name))
                // Saved by some although tied, or by old versions although computed.
                .filter(name -> !name.equals("lm_head.weight") && !name.endsWith("rotary_emb.inv_freq"))
                .toList();
        if (!others.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("model", name())
                    .addKeyValue("tensors", others.size())
                    .addKeyValue("first", others.get(0))
                    .log("The checkpoint holds tensors that a model of its config doesn't have; they are not used");
        }
    }

    private String looked() {
        List<Path> files = shards.files();
        return files.size() == 1
                ? files.get(0).toString()
                : folder + " (" + files.size() + " files, listed in " + Shards.INDEX + ")";
    }

    /**
     * The file for the tokenizers library.
     *
     * @throws CheckpointException when there is none; says how to make it
     */
    public Path tokenizerFile() {
        return tokenizer.tokenizerFile();
    }

    /** The chat template, in Jinja; the one named default where there are several. */
    public Optional<String> chatTemplate() {
        return tokenizer.chatTemplate();
    }

    /** Texts of the special tokens by the names that chat templates use: {@code bos_token}, {@code eos_token}, ... */
    public Map<String, String> specialTokens() {
        return tokenizer.specialTokens();
    }

    public GenerationDefaults generationDefaults() {
        return generationDefaults;
    }

    @Override
    public String toString() {
        return "Checkpoint[" + folder + ", " + config.family()
                + (config.head() == Head.SCORE ? " with a score head" : "") + "]";
    }
}
