/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

import dev.kritik.lm.EngineException;
import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointWriter;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.ModelConfig.Head;
import dev.kritik.lm.checkpoint.SafetensorsWriter;
import dev.kritik.lm.checkpoint.SafetensorsWriter.Tensor;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.checkpoint.WeightLayout;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.OnThread;
import dev.kritik.lm.torch.TrainableDecoder;
import dev.kritik.lm.torch.TrainableDecoder.Batch;
import dev.kritik.lm.torch.TrainableDecoder.Objective;
import dev.kritik.lm.torch.TrainableDecoder.Part;
import dev.kritik.lm.torch.TrainableDecoder.Rollouts;
import dev.kritik.lm.torch.TrainableDecoder.Values;

/**
 * A model whose weights are trained: gradients of losses are added up ({@link #sft}, {@link #rl}, {@link #score}) until a
 * {@link #step} takes them. Methods compute on the device's thread and wait for it; one caller at a time. The same calls
 * with the same number of threads give the same bits on a CPU.
 *
 * <p>A batch is filled up to its longest sequence, and all of it is computed at once: the caller bounds it by tokens, and
 * puts like lengths together. Memory grows with them, and with the written tokens times the vocabulary. The losses of a
 * batch in several calls add up to those of one, up to rounding.
 *
 * <p>Weights, gradients and moments are float32. {@link EngineSettings.Precision#BFLOAT16} has layers multiply matrices in
 * bfloat16, which is faster where the processor can (AVX512-BF16, AMX, GPUs); AUTO is float32, and float16 is refused.
 *
 * <p>On a CPU, {@code MALLOC_MMAP_THRESHOLD_} should not be set small for a process that trains: each activation would be
 * mapped and zeroed anew, which takes half as long again.
 *
 * <p>What does not fit the model is an {@link IllegalArgumentException}: no batch, sequences beyond the context, unknown
 * tokens. A failure of the device is an {@link dev.kritik.lm.EngineException}; gradients are undefined after it.
 */
public final class Trainee implements AutoCloseable {

    private final Checkpoint source;
    private final TrainableDecoder decoder;

    private Trainee(Checkpoint source, TrainableDecoder decoder) {
        this.source = source;
        this.decoder = decoder;
    }

    /**
     * With the weights of a checkpoint.
     *
     * @throws dev.kritik.lm.checkpoint.CheckpointException when weights are missing or have other shapes
     * @throws dev.kritik.lm.EngineException when the engine or the device fails
     */
    public static Trainee load(Checkpoint checkpoint, EngineSettings engine) {
        checkpoint.verify();
        return new Trainee(
                checkpoint,
                TrainableDecoder.make(
                        checkpoint.config(), engine, weight -> new Values.Stored(checkpoint.tensor(weight.name()))));
    }

    /**
     * With fresh weights: normal with config.json's {@code initializer_range} (0.02 where it says nothing), those that add
     * to the residual stream divided by the root of twice the layers, norms 1, biases 0. The same seed gives the same
     * weights everywhere.
     *
     * @param model config and tokenizer: {@link Checkpoint#openWithoutWeights} opens a folder that has no more
     */
    public static Trainee initialize(Checkpoint model, EngineSettings engine, long seed) {
        FreshWeights fresh = new FreshWeights(model.config(), model.initializerRange(), seed);
        return new Trainee(
                model, TrainableDecoder.make(model.config(), engine, weight -> new Values.Given(fresh.of(weight))));
    }

    /** With the weights of a language model, and a fresh head that gives one number in place of logits. */
    public static Trainee withScoreHead(Checkpoint languageModel, EngineSettings engine, long seed) {
        languageModel.verify();
        ModelConfig config = languageModel.config().withScoreHead();
        FreshWeights fresh = new FreshWeights(config, languageModel.initializerRange(), seed);
        return new Trainee(
                languageModel,
                TrainableDecoder.make(
                        config,
                        engine,
                        weight -> weight.name().equals("score.weight")
                                ? new Values.Given(fresh.of(weight))
                                : new Values.Stored(languageModel.tensor(weight.name()))));
    }

    /**
     * Supervised fine-tuning: adds the gradients of {@code tokenWeight} times the sum of -log p over the written tokens.
     *
     * @param tokenWeight 1 / (written tokens of the whole step) makes the step's loss a mean
     * @throws IllegalStateException with a score head
     */
    public SftStats sft(List<Sequence> batch, double tokenWeight) {
        requireHead(Head.LANGUAGE_MODEL);
        Batch tokens = batch(batch);
        double[] stats = call(() -> decoder.sft(tokens, tokenWeight));
        return new SftStats(stats[0], tokens.targets().length, (int) stats[1]);
    }

    /**
     * Log-probabilities of the written tokens, for each sequence; no gradients.
     *
     * @param temperature that logits are divided by, above 0
     * @throws IllegalStateException with a score head
     */
    public List<float[]> logProbs(List<Sequence> batch, double temperature) {
        requireHead(Head.LANGUAGE_MODEL);
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("the temperature is " + temperature + ": above 0");
        }
        Batch tokens = batch(batch);
        float[] all = call(() -> decoder.logProbs(tokens, temperature));
        List<float[]> each = new ArrayList<>();
        int from = 0;
        for (Sequence sequence : batch) {
            each.add(Arrays.copyOfRange(all, from, from + sequence.written()));
            from += sequence.written();
        }
        return List.copyOf(each);
    }

    /**
     * GRPO: adds the gradients of the negated objective, see {@link RlSettings}.
     *
     * @throws IllegalArgumentException if log-probabilities of the reference are missing and {@code klBeta} is above 0
     * @throws IllegalStateException with a score head
     */
    public RlStats rl(List<RlSequence> batch, RlSettings settings) {
        requireHead(Head.LANGUAGE_MODEL);
        Batch tokens = batch(batch.stream().map(RlSequence::sequence).toList());
        Rollouts rollouts = Batches.rollouts(batch, settings, tokens.targets().length);
        double[] stats = call(() -> decoder.rl(
                tokens,
                rollouts,
                new Objective(
                        settings.clipLow(),
                        settings.clipHigh(),
                        settings.klBeta(),
                        settings.unbiasedKl(),
                        settings.dualClip(),
                        settings.temperature())));
        int written = tokens.targets().length;
        return new RlStats(stats[0], stats[1] / written, stats[2] / written, stats[3], stats[4] / written, written);
    }

    /**
     * Adds the gradients of {@code weight} times the sum of the binary cross-entropies between scores, as logits, and labels.
     *
     * @throws IllegalStateException without a score head, or with one that gives several numbers
     */
    public ScoreStats score(List<Scored> batch, double weight) {
        Batch tokens = texts(batch.stream().map(Scored::tokens).toList());
        double[] labels = batch.stream().mapToDouble(Scored::label).toArray();
        double[] stats = call(() -> decoder.score(tokens, labels, weight));
        return new ScoreStats(stats[0], (int) stats[1], labels.length);
    }

    /**
     * The head's number at the last token of each text; no gradients.
     *
     * @throws IllegalStateException without a score head, or with one that gives several numbers
     */
    public float[] scores(List<int[]> texts) {
        Batch tokens = texts(texts);
        return call(() -> decoder.scores(tokens));
    }

    /**
     * Clips the gradients, has AdamW take a step, and forgets them. Gradients that are not finite change nothing.
     *
     * @param learningRate at least 0
     * @param maxGradNorm the largest Euclidean norm of the whole gradient; 0: not clipped
     */
    public StepStats step(double learningRate, AdamW adam, double maxGradNorm) {
        if (!(learningRate >= 0 && maxGradNorm >= 0)) {
            throw new IllegalArgumentException("the learning rate is " + learningRate
                    + ", the largest norm of the gradient " + maxGradNorm + ": both at least 0");
        }
        double norm = call(() -> decoder.step(
                learningRate, adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), maxGradNorm));
        return new StepStats(norm, !Double.isFinite(norm));
    }

    /** Forgets the gradients that were added up. */
    public void zeroGradients() {
        call(() -> {
            decoder.zeroGradients();
            return null;
        });
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
        List<Tensor> weights = TrainingState.weights(decoder.config(), this::values);
        CheckpointWriter.write(folder, source, decoder.config(), type, weights);
    }

    /**
     * Writes what a run needs to go on bit for bit: weights in float32, moments, and the count of steps. Gradients are not in
     * it. Replaces the file as a whole, or not at all.
     *
     * @throws java.io.UncheckedIOException when it can't be written
     */
    public void saveState(Path file) {
        SafetensorsWriter.write(file, TrainingState.tensors(decoder.config(), steps(), this::values));
    }

    /**
     * Takes what {@link #saveState} wrote; gradients are forgotten.
     *
     * @throws dev.kritik.lm.checkpoint.CheckpointException when it is broken, or of another model; nothing has changed then
     */
    public void loadState(Path file) {
        TrainingState state = TrainingState.read(file, decoder.config());
        call(() -> {
            decoder.restore(state.steps(), weight -> state.tensors().get(weight.name()));
            return null;
        });
    }

    /**
     * Gives a decoder the weights as they are now. On the device's thread, and with nothing in the decoder's caches:
     * {@link dev.kritik.lm.LanguageModel#update} sees to both.
     *
     * @throws IllegalArgumentException when it is another kind of model, or on another device
     */
    public void copyTo(Decoder target) {
        target.update(decoder);
    }

    /** How many numbers are trained. */
    public long parameters() {
        return WeightLayout.expected(decoder.config()).stream()
                .mapToLong(weight -> weight.shape().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }

    /** Steps that were taken, those of the run before {@link #loadState} included. */
    public long steps() {
        return call(decoder::steps);
    }

    /** Frees the weights; waits for the thread. Once is enough. */
    @Override
    public void close() {
        decoder.close();
    }

    /** A copy of a weight's values, moments or gradient; on the device's thread it would wait for itself. */
    float[] values(String name, Part part) {
        return call(() -> decoder.values(name, part));
    }

    private Batch batch(List<Sequence> sequences) {
        require(sequences.stream().map(Sequence::tokens).toList());
        return Batches.ofSequences(sequences);
    }

    private Batch texts(List<int[]> texts) {
        requireHead(Head.SCORE);
        require(texts);
        return Batches.ofTexts(texts);
    }

    private void requireHead(Head head) {
        ModelConfig config = decoder.config();
        if (config.head() != head || config.labels() > 1) {
            throw new IllegalStateException(source.name() + " has "
                    + (config.head() == Head.LANGUAGE_MODEL
                            ? "no score head"
                            : "a head of " + config.labels() + " scores")
                    + (head == Head.SCORE ? ": one that gives one number is needed" : ": a language model is needed"));
        }
    }

    private void require(List<int[]> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a batch is empty");
        }
        for (int i = 0; i < texts.size(); i++) {
            String id = "sequence " + i + " of the batch";
            decoder.config().requireTokens(id, texts.get(i));
            if (texts.get(i).length > decoder.config().maxPositions()) {
                throw new IllegalArgumentException(id + " has " + texts.get(i).length
                        + " tokens: the model's context is " + decoder.config().maxPositions());
            }
        }
    }

    private <T> T call(Callable<T> task) {
        try {
            return OnThread.call(decoder.thread(), task);
        } catch (ai.djl.engine.EngineException e) {
            throw new EngineException("training " + source.name() + " failed: " + e.getMessage(), e);
        }
    }
}
