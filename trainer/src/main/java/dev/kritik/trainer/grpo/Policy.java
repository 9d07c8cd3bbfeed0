/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.train.StepStats;
import dev.kritik.lm.train.Trainee;
import dev.kritik.schema.Message;
import dev.kritik.trainer.run.TrainException;

/**
 * The policy as it writes: a copy of the weights in training, taken anew whenever somebody begins to write. Safe for many
 * threads; one writes at a time.
 */
final class Policy implements AutoCloseable {

    private final LanguageModel model;
    private final Trainee trainee;
    private final Object weights = new Object();
    private int version;
    private boolean changed = true;

    private Policy(LanguageModel model, Trainee trainee) {
        this.model = model;
        this.trainee = trainee;
    }

    /**
     * Opens the policy of a checkpoint.
     *
     * @param trainee the weights in training; stays the caller's to close
     * @param rows most responses that are written at once
     */
    static Policy open(Path checkpoint, EngineSettings engine, int rows, Trainee trainee) {
        GeneratorSettings settings = new GeneratorSettings(
                rows,
                0,
                GeneratorSettings.defaults().prefillChunk(),
                Duration.ZERO, // all requests of a round come at once
                Integer.MAX_VALUE);
        return new Policy(LanguageModel.open(checkpoint, engine, settings), trainee);
    }

    /** Most tokens of a prompt and its response together. */
    int contextLength() {
        return model.contextLength();
    }

    /** The tokens of a prompt, by the model's chat template. */
    int[] prompt(List<Message> messages) {
        return model.prompt(messages.stream()
                .map(message -> new ChatMessage(message.getRole(), message.getContent()))
                .toList());
    }

    /**
     * Writes with the weights as they are now.
     *
     * @param what is given the version, and says what to write
     * @return what was written, in the order of the requests
     * @throws TrainException if a response can't be written
     */
    synchronized List<Generated> write(Function<Integer, List<GenerateRequest>> what) {
        int now;
        synchronized (weights) {
            if (changed) {
                model.update(trainee);
                changed = false;
            }
            now = version;
        }
        List<GenerateRequest> requests = what.apply(now);
        try {
            return model.generateTogether(requests);
        } catch (CompletionException e) {
            if (e.getCause() instanceof GenerationException failure) {
                throw new TrainException("a response can't be written: " + failure.getMessage(), failure);
            }
            throw e;
        }
    }

    /** A request without a deadline. */
    static GenerateRequest request(String id, int[] prompt, Sampling sampling, long seed) {
        return new GenerateRequest(id, prompt, sampling, seed, Instant.MAX);
    }

    /** Says which version the weights in training are: the steps that are done. */
    void is(int newVersion) {
        synchronized (weights) {
            version = newVersion;
        }
    }

    /**
     * Changes the weights while nobody copies them. A step with several updates calls it for each, with the same version.
     *
     * @param newVersion theirs afterwards
     */
    StepStats change(int newVersion, Supplier<StepStats> update) {
        synchronized (weights) {
            StepStats stats = update.get();
            version = newVersion;
            changed = true;
            return stats;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
