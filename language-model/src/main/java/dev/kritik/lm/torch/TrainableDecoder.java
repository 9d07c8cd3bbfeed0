/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import ai.djl.pytorch.jni.IValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.kritik.lm.EngineException;
import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.TensorInfo;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;

/**
 * A decoder whose weights are trained, on a device: the calls into {@code trainee.py}. Weights, gradients and moments are
 * float32, whatever matrices are multiplied in. What computes belongs on {@link #thread()}, and throws {@code
 * ai.djl.engine.EngineException} when the device fails.
 */
public final class TrainableDecoder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainableDecoder.class);

    private final ModelConfig config;
    private final Slots slots;
    private final ScriptModule module;
    private final ScheduledExecutorService thread;
    private final String device;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TrainableDecoder(
            ModelConfig config, Slots slots, ScriptModule module, ScheduledExecutorService thread, String device) {
        this.config = config;
        this.slots = slots;
        this.module = module;
        this.thread = thread;
        this.device = device;
    }

    /** What there is to a weight. */
    public enum Part {
        WEIGHT(0),
        /** AdamW's running mean of gradients. */
        MEAN(1),
        /** AdamW's running mean of squared gradients. */
        SQUARE(2),
        GRADIENT(3);

        private final long number;

        Part(long number) {
            this.number = number;
        }
    }

    /** Where a weight's values come from. */
    public sealed interface Values {

        /** A file. */
        record Stored(TensorInfo tensor) implements Values {}

        /** Memory; the last dimension closest together. */
        @SuppressWarnings("ArrayRecordComponent") // handed on to native code
        record Given(float[] values) implements Values {}
    }

    /**
     * Makes a decoder; waits for it.
     *
     * @param settings precision AUTO is float32, on a GPU too; bfloat16 is the type that layers multiply matrices in
     * @param source the values of each weight
     * @throws EngineException when the engine or the device fails
     * @throws IllegalArgumentException for float16, whose gradients would need scaling
     */
    public static TrainableDecoder make(ModelConfig config, EngineSettings settings, Function<Weight, Values> source) {
        if (settings.precision() == Precision.FLOAT16) {
            throw new IllegalArgumentException("a model can't be trained in float16: give float32 or bfloat16");
        }
        Torch torch = Torch.start(settings);
        ScheduledExecutorService thread = torch.thread(settings.device());
        return OnThread.call(thread, () -> {
            TrainableDecoder decoder = new TrainableDecoder(
                    config, new Slots(config), compile(config, torch, settings), thread, settings.device());
            try {
                decoder.load(source);
            } catch (RuntimeException e) {
                decoder.module.close();
                throw e instanceof ai.djl.engine.EngineException
                        ? new EngineException(
                                "the model can't be put onto " + settings.device() + ": " + Decoder.firstLine(e), e)
                        : e;
            }
            return decoder;
        });
    }

    private static ScriptModule compile(ModelConfig config, Torch torch, EngineSettings settings) {
        int kind = Decoder.number(settings.precision());
        Map<String, Object> attributes = Decoder.attributes(config);
        attributes.put("kind", (long) kind);
        attributes.put("fine", settings.device().equals("cpu") ? 6L : (long) kind);
        attributes.put("steps", 0L);
        attributes.put("differentiated", false);
        for (String list : List.of("files", "raw", "slots", "trained", "means", "squares", "decays", "frequencies")) {
            attributes.put(list, List.of());
        }
        attributes.put("ints", Map.of());
        attributes.put("reals", Map.of());
        String code = Decoder.resource("trainee.py") + Decoder.resource("common.py");
        return ScriptModule.load(ScriptArchive.of(code, "Decoder", attributes), torch.manager(settings.device()));
    }

    private void load(Function<Weight, Values> source) {
        long begin = System.nanoTime();
        MappedFiles files = new MappedFiles(module);
        module.train("begin_loading");
        for (List<Weight> parts : slots.all()) {
            for (Weight weight : parts) {
                add(source.apply(weight), weight, files);
            }
            // As usual: no decay for what scales (norms) or shifts (biases).
            boolean decays = parts.stream().anyMatch(weight -> weight.shape().size() > 1);
            module.run("put_ints", "decays", new long[] {decays ? 1 : 0});
            module.train("finish_weight");
        }
        module.train("finish_loading");
        LOG.atInfo()
                .addKeyValue("device", device)
                .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
                .log("A model to train is loaded");
    }

    private void add(Values values, Weight weight, MappedFiles files) {
        switch (values) {
            case Values.Stored stored -> files.add(stored.tensor(), device);
            case Values.Given given -> module.runWith(given.values(), "add_values", weight.shape(), device);
        }
    }

    /** The thread that all other methods belong on; shared with other models on the device. */
    public ScheduledExecutorService thread() {
        return thread;
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * The written tokens of some texts.
     *
     * @param tokens of all texts, each filled up to {@code width} at its end
     * @param places of what comes before each written token, counted over {@code tokens}
     * @param targets the written tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to native code as they are
    public record Batch(long[] tokens, long width, long[] places, long[] targets) {}

    /**
     * What GRPO needs to know of each written token.
     *
     * @param reference may be empty
     * @param lengths how many tokens each sequence has, one after the other, where its tokens share a ratio; else empty
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to native code as they are
    public record Rollouts(double[] weights, double[] advantages, double[] old, double[] reference, long[] lengths) {}

    /** GRPO's; {@code unbiased} multiplies k3 by the ratio, {@code dualClip} is 0 for none. */
    public record Objective(
            double clipLow, double clipHigh, double beta, boolean unbiased, double dualClip, double temperature) {}

    /** Adds gradients; gives the sum of -log p, and how many targets are the likeliest tokens. */
    public double[] sft(Batch batch, double weight) {
        put(batch);
        put("weight", weight);
        return module.train("sft");
    }

    /** Adds gradients; gives the loss, the sum of k3, how many ratios were clipped, the largest, the sum of entropies. */
    public double[] rl(Batch batch, Rollouts rollouts, Objective objective) {
        put(batch);
        put("weights", rollouts.weights());
        put("advantages", rollouts.advantages());
        put("old", rollouts.old());
        put("reference", rollouts.reference());
        module.run("put_ints", "lengths", rollouts.lengths());
        put("clip_low", objective.clipLow());
        put("clip_high", objective.clipHigh());
        put("beta", objective.beta());
        put("unbiased", objective.unbiased() ? 1 : 0);
        put("dual_clip", objective.dualClip());
        put("temperature", objective.temperature());
        return module.train("rl");
    }

    /** Adds gradients; gives the sum of the cross-entropies, and how many scores are on the right side. No targets. */
    public double[] score(Batch batch, double[] labels, double weight) {
        put(batch);
        put("labels", labels);
        put("weight", weight);
        return module.train("score");
    }

    /** Log-probabilities of the targets. */
    public float[] logProbs(Batch batch, double temperature) {
        put(batch);
        put("temperature", temperature);
        return module.runFloats("log_probs");
    }

    /** The head's first number at each place. No targets. */
    public float[] scores(Batch batch) {
        put(batch);
        return module.runFloats("scores");
    }

    /**
     * Clips to a norm (0: any), has AdamW take a step unless the gradient is not finite, and forgets the gradients.
     *
     * @return the gradient's norm before
     */
    public double step(double rate, double beta1, double beta2, double epsilon, double decay, double most) {
        put("rate", rate);
        put("beta1", beta1);
        put("beta2", beta2);
        put("epsilon", epsilon);
        put("decay", decay);
        put("most", most);
        return module.train("step")[0];
    }

    private void put(Batch batch) {
        module.run("put_ints", "tokens", batch.tokens());
        module.run("put_ints", "width", new long[] {batch.width()});
        module.run("put_ints", "places", batch.places());
        module.run("put_ints", "targets", batch.targets());
    }

    private void put(String name, double... numbers) {
        module.run("put_reals", name, numbers);
    }

    public void zeroGradients() {
        module.train("zero");
    }

    public long steps() {
        return module.runLong("taken_steps");
    }

    /** A copy of a weight, its moments or its gradient, by Hugging Face's name of it. */
    public float[] values(String name, Part part) {
        Slots.Place place = slots.place(name);
        return module.runFloats("rows", place.slot(), part.number, place.begin(), place.rows());
    }

    /** Shows a weight as it is. */
    void lend(String name, Consumer<IValue> receiver) {
        Slots.Place place = slots.place(name);
        module.lend(receiver, "rows", place.slot(), Part.WEIGHT.number, place.begin(), place.rows());
    }

    /** Replaces all weights and moments, and the count of steps; forgets the gradients. */
    public void restore(long steps, Function<Weight, Map<Part, TensorInfo>> source) {
        MappedFiles files = new MappedFiles(module);
        for (int slot = 0; slot < slots.all().size(); slot++) {
            List<Weight> parts = slots.all().get(slot);
            if (parts.isEmpty()) {
                continue;
            }
            for (Part part : List.of(Part.WEIGHT, Part.MEAN, Part.SQUARE)) {
                parts.forEach(weight -> files.add(source.apply(weight).get(part), device));
                module.run("put_ints", "place", new long[] {slot, part.number});
                module.train("replace");
            }
        }
        module.run("put_ints", "steps", new long[] {steps});
        module.train("finish_replacing");
    }

    /** Frees the weights; waits for the thread. Once is enough. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        OnThread.call(thread, () -> {
            module.close();
            return null;
        });
    }
}
