/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import java.nio.file.Path;
import java.util.List;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.torch.Decoder;

/**
 * A model whose weights are trained: gradients of losses are added up ({@link #sft}, {@link #rl}, {@link #score}) until a
 * {@link #step} takes them. Methods compute on the device's thread and wait for it; one caller at a time. The same calls
 * with the same number of threads give the same bits on a CPU.
 *
 * <p>A batch is filled up to its longest sequence, and all of it is computed at once: the caller bounds it by tokens. The
 * losses of a batch in several calls add up to those of one, up to rounding.
 *
 * <p>What does not fit the model is an {@link IllegalArgumentException}: no batch, sequences beyond the context, unknown
 * tokens. A failure of the device is an {@link dev.kritik.lm.EngineException}; gradients are undefined after it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Trainee implements AutoCloseable {

    private Trainee() {}

    /**
     * With the weights of a checkpoint.
     *
     * @throws dev.kritik.lm.checkpoint.CheckpointException when weights are missing or have other shapes
     * @throws dev.kritik.lm.EngineException when the engine or the device fails
     */
    public static Trainee load(Checkpoint checkpoint, EngineSettings engine) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * With fresh weights: normal with config.json's {@code initializer_range} (0.02 where it says nothing), those that add
     * to the residual stream divided by the root of twice the layers, norms 1, biases 0. The same seed gives the same
     * weights everywhere.
     *
     * @param model config and tokenizer: {@link Checkpoint#openWithoutWeights} opens a folder that has no more
     */
    public static Trainee initialize(Checkpoint model, EngineSettings engine, long seed) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** With the weights of a language model, and a fresh head that gives one number in place of logits. */
    public static Trainee withScoreHead(Checkpoint languageModel, EngineSettings engine, long seed) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Supervised fine-tuning: adds the gradients of {@code tokenWeight} times the sum of -log p over the written tokens.
     *
     * @param tokenWeight 1 / (written tokens of the whole step) makes the step's loss a mean
     * @throws IllegalStateException with a score head
     */
    public SftStats sft(List<Sequence> batch, double tokenWeight) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Log-probabilities of the written tokens, for each sequence; no gradients.
     *
     * @param temperature that logits are divided by, above 0
     * @throws IllegalStateException with a score head
     */
    public List<float[]> logProbs(List<Sequence> batch, double temperature) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * GRPO: adds the gradients of the negated objective, see {@link RlSettings}.
     *
     * @throws IllegalArgumentException if log-probabilities of the reference are missing and {@code klBeta} is above 0
     * @throws IllegalStateException with a score head
     */
    public RlStats rl(List<RlSequence> batch, RlSettings settings) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Adds the gradients of {@code weight} times the sum of the binary cross-entropies between scores, as logits, and labels.
     *
     * @throws IllegalStateException without a score head, or with one that gives several numbers
     */
    public ScoreStats score(List<Scored> batch, double weight) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * The head's number at the last token of each text; no gradients.
     *
     * @throws IllegalStateException without a score head, or with one that gives several numbers
     */
    public float[] scores(List<int[]> texts) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Clips the gradients, has AdamW take a step, and forgets them. Gradients that are not finite change nothing.
     *
     * @param learningRate at least 0
     * @param maxGradNorm the largest Euclidean norm of the whole gradient; 0: not clipped
     */
    public StepStats step(double learningRate, AdamW adam, double maxGradNorm) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Forgets the gradients that were added up. */
    public void zeroGradients() {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Writes a checkpoint that Hugging Face transformers loads: {@code model.safetensors}, {@code config.json}, and the
     * files of tokenizer, chat template and generation defaults of the checkpoint that it began with. Files are forced to
     * the disk one by one; what is there is replaced.
     *
     * @param folder is made if it isn't there
     * @throws java.io.UncheckedIOException when they can't be written
     */
    public void save(Path folder, StoredType type) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Writes what a run needs to go on bit for bit: weights in float32, moments, and the count of steps. Gradients are not in
     * it. Replaces the file as a whole, or not at all.
     *
     * @throws java.io.UncheckedIOException when it can't be written
     */
    public void saveState(Path file) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Takes what {@link #saveState} wrote; gradients are forgotten.
     *
     * @throws dev.kritik.lm.checkpoint.CheckpointException when it is broken, or of another model; nothing has changed then
     */
    public void loadState(Path file) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Gives a decoder of the same kind the weights as they are now. Its caches must be empty. */
    public void copyTo(Decoder decoder) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** How many numbers are trained. */
    public long parameters() {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Steps that were taken, those of the run before {@link #loadState} included. */
    public long steps() {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Frees the weights; waits for the thread. Once is enough. */
    @Override
    public void close() {}
}
