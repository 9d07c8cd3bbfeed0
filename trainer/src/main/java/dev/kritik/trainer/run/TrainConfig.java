/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.train.AdamW;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.worker.prompt.PromptVersion;

/**
 * What all trainings are told.
 *
 * @param steps updates in all; 0: what {@code epochs} give
 * @param epochs times that the data is gone through, where {@code steps} is 0
 * @param batch examples (RL: queries) of a step; 0: the paper's
 * @param microTokens most tokens that are computed at once
 * @param maxTokens longest example; 0: the model's context
 * @param mixShare share of general data
 * @param rate the learning rate over the steps
 * @param adam the optimizer
 * @param clipNorm largest norm of the gradient; 0: not clipped
 * @param seed of all chance
 * @param engine where it is computed
 * @param randomInit whether the model begins with random weights
 * @param savedAs type of saved weights; empty: that of the model
 * @param keeping when checkpoints are written, and which stay
 * @param evalEvery steps between evaluations
 * @param evalMaxTokens most tokens of an output in an evaluation
 * @param prompt the wording that the judge reads; empty: what the model says, or the worker's default
 */
public record TrainConfig(
        int steps,
        int epochs,
        int batch,
        int microTokens,
        int maxTokens,
        double mixShare,
        Rate rate,
        AdamW adam,
        double clipNorm,
        long seed,
        EngineSettings engine,
        boolean randomInit,
        Optional<StoredType> savedAs,
        Keeping keeping,
        int evalEvery,
        int evalMaxTokens,
        Optional<PromptVersion> prompt) {

    /**
     * The learning rate.
     *
     * @param peak the highest; 0: the paper's
     * @param warmup steps until then
     * @param shape how it goes on
     * @param floor share of the peak that it falls to
     */
    public record Rate(double peak, int warmup, Schedule.Shape shape, double floor) {}

    /**
     * Checkpoints.
     *
     * @param every steps between two
     * @param last how many of the newest stay
     * @param bestIsFinal whether the final model is that of the best evaluation, not of the last step
     */
    public record Keeping(int every, int last, boolean bestIsFinal) {}

    private static final String AUTO = "auto";

    /** Its keys. */
    public static final ConfigDef DEF = defineSaving(defineOptimizer(defineData(new ConfigDef())));

    private static ConfigDef defineData(ConfigDef def) {
        return def.define(
                        "train.steps",
                        ConfigDef.Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.HIGH,
                        "Steps in all, each an update of the weights. 0: as many as train.epochs give.")
                .define(
                        "train.epochs",
                        ConfigDef.Type.INT,
                        1,
                        Range.between(1, 100_000),
                        Importance.HIGH,
                        "How often the data is gone through, where train.steps is 0.")
                .define(
                        "train.batch",
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 1_000_000),
                        Importance.HIGH,
                        "Examples of a step, whose gradients are added up; for rl queries, each of which gets"
                                + " rl.group.size outputs; for grpo groups. 0: the paper's, 1024 for rft, 512 for rl and"
                                + " meta-rm; 32 for grpo.")
                .define(
                        "train.micro.tokens",
                        ConfigDef.Type.INT,
                        8_192,
                        Range.between(1, 100_000_000),
                        Importance.MEDIUM,
                        "Most tokens that are computed at once, with what fills examples up to the longest. Bounds the"
                                + " memory of a step and changes its result by rounding alone; a longer example goes"
                                + " alone.")
                .define(
                        "data.max.tokens",
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 100_000_000),
                        Importance.MEDIUM,
                        "Longest example, in tokens of prompt and answer. Longer ones are left out and counted, never"
                                + " cut. 0: the model's context, which is never exceeded.")
                .define(
                        "mix.share",
                        ConfigDef.Type.DOUBLE,
                        0.5,
                        Range.between(0.0, 0.99),
                        Importance.MEDIUM,
                        "Share of an epoch's examples that come from the general data (--mix). Without any the paper"
                                + " lost 6.6 points.")
                .define(
                        "train.seed",
                        ConfigDef.Type.LONG,
                        1,
                        Importance.MEDIUM,
                        "Seed of all chance: order of the data, orders of responses, samples, new weights.")
                .define(
                        "train.prompt",
                        ConfigDef.Type.STRING,
                        AUTO,
                        ValidString.in(Stream.concat(
                                        Stream.of(AUTO),
                                        Arrays.stream(PromptVersion.values()).map(PromptVersion::label))
                                .toArray(String[]::new)),
                        Importance.MEDIUM,
                        "Wording of the prompts that the judge answers, in RL and in evaluations on tasks. auto: what"
                                + " kritik.json of --model says, else critique-v1. Another one is written into kritik.json"
                                + " of the trained model, so that a worker asks as it was trained.")
                .define(
                        "eval.every",
                        ConfigDef.Type.INT,
                        50,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Steps between two evaluations on --eval.")
                .define(
                        "eval.max.tokens",
                        ConfigDef.Type.INT,
                        1_024,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Most tokens of an output in an evaluation on tasks.");
    }

    private static ConfigDef defineOptimizer(ConfigDef def) {
        return def.define(
                        "train.lr",
                        ConfigDef.Type.DOUBLE,
                        0.0,
                        Range.between(0.0, 1.0),
                        Importance.HIGH,
                        "Highest learning rate. 0: the paper's, for a model of 27 B parameters: 5e-6 for rft, 4e-7 for"
                                + " rl, 1e-5 for meta-rm; 1e-6 for grpo. Small models need more.")
                .define(
                        "train.lr.schedule",
                        ConfigDef.Type.STRING,
                        "constant",
                        ValidString.in("constant", "linear", "cosine"),
                        Importance.MEDIUM,
                        "How the learning rate goes on after the warm-up.")
                .define(
                        "train.lr.floor",
                        ConfigDef.Type.DOUBLE,
                        0.0,
                        Range.between(0.0, 1.0),
                        Importance.LOW,
                        "Share of train.lr that linear and cosine end with.")
                .define(
                        "train.warmup.steps",
                        ConfigDef.Type.INT,
                        10,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Steps in which the learning rate rises from 0.")
                .define(
                        "train.clip.norm",
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        Range.atLeast(0.0),
                        Importance.MEDIUM,
                        "Largest norm of the whole gradient; a larger one is scaled down. 0: never.")
                .define(
                        "train.adam.beta1",
                        ConfigDef.Type.DOUBLE,
                        0.9,
                        Range.between(0.0, 0.999_999),
                        Importance.LOW,
                        "AdamW: decay of the mean of gradients.")
                .define(
                        "train.adam.beta2",
                        ConfigDef.Type.DOUBLE,
                        0.999,
                        Range.between(0.0, 0.999_999_9),
                        Importance.LOW,
                        "AdamW: decay of the mean of their squares.")
                .define(
                        "train.adam.epsilon",
                        ConfigDef.Type.DOUBLE,
                        1e-8,
                        Range.between(1e-20, 1.0),
                        Importance.LOW,
                        "AdamW: added to the root of that mean.")
                .define(
                        "train.weight.decay",
                        ConfigDef.Type.DOUBLE,
                        0.0,
                        Range.between(0.0, 1.0),
                        Importance.LOW,
                        "AdamW: weight decay. Norms and biases have none.");
    }

    private static ConfigDef defineSaving(ConfigDef def) {
        return def.define(
                        "train.device",
                        ConfigDef.Type.STRING,
                        "cpu",
                        Importance.MEDIUM,
                        "Where it is computed: cpu, cuda:0, cuda:1, ...")
                .define(
                        "train.threads",
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 4_096),
                        Importance.MEDIUM,
                        "Threads that compute on the CPU, at most as many as there are free cores; 0: all cores. A run"
                                + " goes on bit for bit only with the same number.")
                .define(
                        "train.precision",
                        ConfigDef.Type.STRING,
                        "float32",
                        ValidString.in("float32", "bfloat16"),
                        Importance.MEDIUM,
                        "What the matrices of the layers are multiplied in. Weights, gradients and moments are float32 in any"
                                + " case; bfloat16 is faster where the processor has instructions for it.")
                .define(
                        "train.init",
                        ConfigDef.Type.STRING,
                        "checkpoint",
                        ValidString.in("checkpoint", "random"),
                        Importance.MEDIUM,
                        "checkpoint: begin with the weights of --model. random: with new ones; --model needs no more than"
                                + " config.json and tokenizer then. For rft.")
                .define(
                        "train.save.type",
                        ConfigDef.Type.STRING,
                        AUTO,
                        ValidString.in(AUTO, "f32", "bf16", "f16"),
                        Importance.MEDIUM,
                        "Type of the weights in checkpoints and the final model; auto: as config.json of --model says. A"
                                + " run that goes on takes the exact weights from its own state.")
                .define(
                        "train.checkpoint.every",
                        ConfigDef.Type.INT,
                        100,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Steps between two checkpoints.")
                .define(
                        "train.checkpoint.keep",
                        ConfigDef.Type.INT,
                        2,
                        Range.between(1, 1_000_000),
                        Importance.MEDIUM,
                        "How many of the newest checkpoints stay. That of the best evaluation stays besides.")
                .define(
                        "train.final",
                        ConfigDef.Type.STRING,
                        "last",
                        ValidString.in("last", "best"),
                        Importance.MEDIUM,
                        "Which weights the final model has: those of the last step, or of the best evaluation.");
    }

    /**
     * Reads its keys.
     *
     * @throws ConfigError naming the key at fault
     */
    public static TrainConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        String savedAs = config.getString("train.save.type");
        String prompt = config.getString("train.prompt");
        return new TrainConfig(
                config.getInt("train.steps"),
                config.getInt("train.epochs"),
                config.getInt("train.batch"),
                config.getInt("train.micro.tokens"),
                config.getInt("data.max.tokens"),
                config.getDouble("mix.share"),
                new Rate(
                        config.getDouble("train.lr"),
                        config.getInt("train.warmup.steps"),
                        Schedule.Shape.valueOf(upper(config.getString("train.lr.schedule"))),
                        config.getDouble("train.lr.floor")),
                new AdamW(
                        config.getDouble("train.adam.beta1"),
                        config.getDouble("train.adam.beta2"),
                        config.getDouble("train.adam.epsilon"),
                        config.getDouble("train.weight.decay")),
                config.getDouble("train.clip.norm"),
                config.getLong("train.seed"),
                engine(
                        config.getString("train.device"),
                        config.getString("train.precision"),
                        config.getInt("train.threads")),
                config.getString("train.init").equals("random"),
                savedAs.equals(AUTO) ? Optional.empty() : Optional.of(StoredType.valueOf(upper(savedAs))),
                new Keeping(
                        config.getInt("train.checkpoint.every"),
                        config.getInt("train.checkpoint.keep"),
                        config.getString("train.final").equals("best")),
                config.getInt("eval.every"),
                config.getInt("eval.max.tokens"),
                prompt.equals(AUTO) ? Optional.empty() : Optional.of(PromptVersion.of(prompt)));
    }

    private static EngineSettings engine(String device, String precision, int threads) {
        try {
            return new EngineSettings(
                    device,
                    EngineSettings.Precision.valueOf(upper(precision)),
                    threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        } catch (IllegalArgumentException e) {
            throw new ConfigError("train." + e.getMessage(), e);
        }
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    /** Where outputs are written: with the precision of the weights, for their log-probabilities are held against new ones. */
    public EngineSettings generation() {
        return new EngineSettings(engine.device(), EngineSettings.Precision.FLOAT32, engine.threads());
    }

    /** Examples of a step. */
    public int batch(Kind kind) {
        return batch == 0 ? kind.batch() : batch;
    }

    /** Longest example for a model: within its context. */
    public int maxTokens(Checkpoint model) {
        int context = model.config().maxPositions();
        return maxTokens == 0 ? context : Math.min(maxTokens, context);
    }

    /** The steps of a run over so many examples. */
    public int steps(Kind kind, int examples) {
        int perEpoch = Math.max(1, Math.ceilDiv(examples, batch(kind)));
        return steps > 0 ? steps : Math.multiplyExact(perEpoch, epochs);
    }

    /** The learning rates of a run. */
    public Schedule schedule(Kind kind, int total) {
        double peak = rate.peak() == 0 ? kind.learningRate() : rate.peak();
        return new Schedule(peak, Math.min(rate.warmup(), total), total, rate.shape(), rate.floor());
    }
}
