/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.GenerationDefaults;
import dev.kritik.lm.checkpoint.ModelConfig.Head;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Generator;
import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.ChatTemplate;
import dev.kritik.lm.train.Trainee;

/** A causal language model in this process, from a Hugging Face checkpoint folder. Safe for many threads. */
public final class LanguageModel implements AutoCloseable {

    private final Loaded loaded;
    private final Chat chat;
    private final Generator generator;

    private LanguageModel(Loaded loaded, Chat chat, GeneratorSettings settings) {
        this.loaded = loaded;
        this.chat = chat;
        this.generator = new Generator(
                loaded.decoder(),
                loaded.tokenizer(),
                loaded.checkpoint().generationDefaults().eosTokens(),
                settings,
                InstantSource.system());
    }

    /**
     * Loads a model; returns when its weights are on the device.
     *
     * @throws CheckpointException when the folder holds none that can be used; says what is wrong
     * @throws EngineException when PyTorch or the device can't be used
     */
    public static LanguageModel open(Path folder, EngineSettings engine, GeneratorSettings settings) {
        Checkpoint checkpoint = checkpoint(folder);
        Optional<ChatTemplate> template = Chat.template(checkpoint);
        Loaded loaded = Loaded.load(checkpoint, engine);
        return new LanguageModel(loaded, new Chat(loaded, template), settings);
    }

    /**
     * Opens the checkpoint of a model that can write.
     *
     * @throws CheckpointException when the folder holds none
     */
    public static Checkpoint checkpoint(Path folder) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        if (checkpoint.config().head() != Head.LANGUAGE_MODEL) {
            throw new CheckpointException(folder + " is a classification model: it scores texts, and can't write any");
        }
        return checkpoint;
    }

    /** The folder's name. */
    public String name() {
        return loaded.checkpoint().name();
    }

    /** Most tokens of a prompt and its text together: the model's context, or what the caches hold. */
    public int contextLength() {
        return generator.longest();
    }

    /**
     * The tokens of a conversation that the model is to answer, by the checkpoint's chat template. Text of special tokens
     * inside contents stays text.
     *
     * @throws CheckpointException when the checkpoint has no chat template
     * @throws dev.kritik.lm.text.PromptException when the conversation can't be written for this model
     * @throws dev.kritik.lm.text.jinja.TemplateException when the chat template fails
     */
    public int[] prompt(List<ChatMessage> messages) {
        return chat.tokens(messages, true);
    }

    /** The tokens of a text as it is, with the special tokens that the tokenizer puts around one. */
    public int[] tokenize(String text) {
        return loaded.tokenizer().encode(text, true);
    }

    /** How the checkpoint wishes to be sampled ({@code generation_config.json}), as Hugging Face transformers reads it. */
    public Sampling sampling(int maxTokens) {
        GenerationDefaults defaults = loaded.checkpoint().generationDefaults();
        return defaults.sample()
                ? new Sampling(
                        defaults.temperature().orElse(1),
                        defaults.topK().orElse(50),
                        defaults.topP().orElse(1),
                        maxTokens,
                        List.of())
                : Sampling.greedy(maxTokens);
    }

    /** Asks for a text; see {@link Generator#generate}. */
    public CompletableFuture<Generated> generate(GenerateRequest request) {
        return generator.generate(request);
    }

    /**
     * Takes the weights of a model in training, within this process. Texts that were computed before are forgotten; the
     * trainee is as before, and later steps of it are not seen here.
     *
     * @throws IllegalStateException while texts are being written
     * @throws IllegalArgumentException when the trainee is another kind of model, or computes on another device
     */
    public void update(Trainee trainee) {
        trainee.copyTo(loaded.decoder());
    }

    /** Ends all texts that are being written, and frees the model. */
    @Override
    public void close() {
        generator.close();
        loaded.close();
    }
}
