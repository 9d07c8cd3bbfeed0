/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.score.Scorer;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.ChatTemplate;

/**
 * A decoder with a scalar head in this process, from a Hugging Face checkpoint folder
 * ({@code ...ForSequenceClassification} with one label). Safe for many threads.
 */
public final class RewardModel implements AutoCloseable {

    private final Loaded loaded;
    private final Chat chat;
    private final Scorer scorer;

    private RewardModel(Loaded loaded, Chat chat, ScorerSettings settings) {
        this.loaded = loaded;
        this.chat = chat;
        this.scorer = new Scorer(loaded.decoder(), settings, InstantSource.system());
    }

    /**
     * Loads a model; returns when its weights are on the device.
     *
     * @throws CheckpointException when the folder holds none that can be used; says what is wrong
     * @throws EngineException when PyTorch or the device can't be used
     */
    public static RewardModel open(Path folder, EngineSettings engine, ScorerSettings settings) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        ModelConfig config = checkpoint.config();
        if (config.head() != ModelConfig.Head.SCORE || config.labels() != 1) {
            throw new CheckpointException(folder + " has no scalar head: a Meta RM is a ...ForSequenceClassification"
                    + " checkpoint with one label"
                    + (config.labels() > 1 ? ", and this one has " + config.labels() : ""));
        }
        Optional<ChatTemplate> template = Chat.template(checkpoint);
        Loaded loaded = Loaded.load(checkpoint, engine);
        return new RewardModel(loaded, new Chat(loaded, template), settings);
    }

    /** The folder's name. */
    public String name() {
        return loaded.checkpoint().name();
    }

    /** Most tokens of a text. */
    public int contextLength() {
        return loaded.checkpoint().config().maxPositions();
    }

    /** The tokens of a whole conversation, by the checkpoint's chat template; see {@link LanguageModel#prompt}. */
    public int[] prompt(List<ChatMessage> messages) {
        return chat.tokens(messages, false);
    }

    /** Scores a text; see {@link Scorer#score}. */
    public CompletableFuture<Float> score(String id, int[] tokens, Instant deadline) {
        return scorer.score(id, tokens, deadline);
    }

    /** Ends all texts that wait, and frees the model. */
    @Override
    public void close() {
        scorer.close();
        loaded.close();
    }
}
