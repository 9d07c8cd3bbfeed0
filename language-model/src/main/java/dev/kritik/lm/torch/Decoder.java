/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.lm.EngineException;
import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.checkpoint.WeightLayout;

/**
 * A decoder with its weights on a device, and the caches that it holds for texts that are being written. The computing is
 * in {@code decoder.py}, whose words are used here: segments, groups, rows, chunks. What computes belongs on
 * {@link #thread()}, and throws {@code ai.djl.engine.EngineException} when the device fails.
 */
public final class Decoder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Decoder.class);

    private final ModelConfig config;
    private final ScriptModule module;
    private final ScheduledExecutorService thread;
    private final Precision precision;
    private final String device;
    private final long bytesPerToken;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Decoder(
            ModelConfig config,
            ScriptModule module,
            ScheduledExecutorService thread,
            Precision precision,
            String device) {
        this.config = config;
        this.module = module;
        this.thread = thread;
        this.precision = precision;
        this.device = device;
        this.bytesPerToken =
                2L * config.layers() * config.kvHeads() * config.headDim() * (precision == Precision.FLOAT32 ? 4 : 2);
    }

    /**
     * Loads a checkpoint's weights onto a device; waits for it.
     *
     * @throws EngineException when the engine or the device fails
     * @throws dev.kritik.lm.checkpoint.CheckpointException when weights are missing or have other shapes
     */
    public static Decoder load(Checkpoint checkpoint, EngineSettings settings) {
        // Packed matrices exist for the CPU; norms are only joined with them where rounding does no harm.
        Precision precision = precision(settings, checkpoint);
        return load(checkpoint, settings, settings.device().equals("cpu") && precision == Precision.FLOAT32);
    }

    /** The same; {@code fast} says whether matrices are packed. */
    static Decoder load(Checkpoint checkpoint, EngineSettings settings, boolean fast) {
        checkpoint.verify();
        Torch torch = Torch.start(settings);
        ScheduledExecutorService thread = torch.thread(settings.device());
        return OnThread.call(thread, () -> load(checkpoint, settings, fast, torch, thread));
    }

    private static Decoder load(
            Checkpoint checkpoint,
            EngineSettings settings,
            boolean fast,
            Torch torch,
            ScheduledExecutorService thread) {
        long begin = System.nanoTime();
        ModelConfig config = checkpoint.config();
        Precision precision = precision(settings, checkpoint);
        ScriptModule module = compile(config, fast, torch, settings.device());
        try {
            ScriptModule.asItStands(() -> {
                MappedFiles files = new MappedFiles(module);
                new WeightLoader(
                                module,
                                config,
                                name -> files.add(checkpoint.tensor(name), number(precision), settings.device()))
                        .load();
                module.run("prepare");
            });
        } catch (RuntimeException e) {
            module.close();
            throw e instanceof ai.djl.engine.EngineException
                    ? new EngineException(
                            checkpoint.folder() + " can't be loaded onto " + settings.device() + ": " + firstLine(e), e)
                    : e;
        }
        LOG.atInfo()
                .addKeyValue("model", checkpoint.name())
                .addKeyValue("device", settings.device())
                .addKeyValue("precision", precision)
                .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
                .log("Model is loaded");
        return new Decoder(config, module, thread, precision, settings.device());
    }

    private static ScriptModule compile(ModelConfig config, boolean fast, Torch torch, String device) {
        String code = resource("decoder.py") + resource("common.py") + resource("drawing.py");
        try {
            return ScriptModule.load(archive(code + resource("packed_onednn.py"), config, fast), torch.manager(device));
        } catch (ai.djl.engine.EngineException e) {
            LOG.atInfo().addKeyValue("reason", firstLine(e)).log("This libtorch has no oneDNN");
            return ScriptModule.load(archive(code + resource("packed_plain.py"), config, fast), torch.manager(device));
        }
    }

    private static byte[] archive(String code, ModelConfig config, boolean fast) {
        Map<String, Object> attributes = attributes(config);
        attributes.put("fast", fast);
        for (String list : List.of("files", "raw", "top", "weights", "frequencies", "constants", "tables")) {
            attributes.put(list, List.of());
        }
        for (String map : List.of("segments", "groups", "last_logits")) {
            attributes.put(map, Map.of());
        }
        return ScriptArchive.of(code, "Decoder", attributes);
    }

    /** What the code of {@code common.py} and of both decoders knows of a model. */
    static Map<String, Object> attributes(ModelConfig config) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("layers", (long) config.layers());
        attributes.put("heads", (long) config.heads());
        attributes.put("kv_heads", (long) config.kvHeads());
        attributes.put("head_dim", (long) config.headDim());
        attributes.put("eps", config.normEps());
        attributes.put("scale", config.attentionScale());
        attributes.put("attention_cap", config.attentionSoftcap());
        // Logits over the vocabulary are capped, scores are not.
        attributes.put("final_cap", config.head() == ModelConfig.Head.SCORE ? 0.0 : config.finalSoftcap());
        attributes.put("gelu", config.activation() == ModelConfig.Activation.GELU_TANH);
        attributes.put("qk_norm", config.qkNorm());
        attributes.put("norm_plus_one", config.normPlusOne());
        attributes.put("sandwich_norms", config.sandwichNorms());
        attributes.put("embedding_scale", config.embeddingScale());
        attributes.put("window", (long) config.slidingWindow());
        attributes.put("windowed", config.windowed());
        attributes.put("rope_theta", config.rope().theta());
        attributes.put(
                "rope_kind",
                switch (config.rope().scaling()) {
                    case NONE -> 0L;
                    case LINEAR -> 1L;
                    case LLAMA3 -> 2L;
                });
        attributes.put("rope_factor", config.rope().factor());
        attributes.put("rope_low", config.rope().lowFreqFactor());
        attributes.put("rope_high", config.rope().highFreqFactor());
        attributes.put("rope_original", (long) config.rope().originalContext());
        return attributes;
    }

    private static Precision precision(EngineSettings settings, Checkpoint checkpoint) {
        if (settings.precision() != Precision.AUTO) {
            return settings.precision();
        }
        if (settings.device().equals("cpu")) {
            return Precision.FLOAT32;
        }
        return switch (checkpoint.tensor("model.embed_tokens.weight").type()) {
            case F32 -> Precision.FLOAT32;
            case F16 -> Precision.FLOAT16;
            case BF16 -> Precision.BFLOAT16;
        };
    }

    /** PyTorch's number of an element type. */
    static int number(Precision precision) {
        return switch (precision) {
            case FLOAT32, AUTO -> 6;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
        };
    }

    /** The same. */
    static int number(StoredType type) {
        return switch (type) {
            case F32 -> 6;
            case F16 -> 5;
            case BF16 -> 15;
        };
    }

    static String resource(String name) {
        try (InputStream in = Decoder.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** The thread that all other methods belong on; shared with other models on the device. */
    public ScheduledExecutorService thread() {
        return thread;
    }

    public ModelConfig config() {
        return config;
    }

    /** Bytes that the keys and values of one token take in a cache. */
    public long bytesPerToken() {
        return bytesPerToken;
    }

    /** Whether it computes on the CPU. */
    public boolean onCpu() {
        return device.equals("cpu");
    }

    /**
     * Takes the weights of a decoder in training, as they are now; segments, groups and logits are dropped.
     *
     * @throws IllegalArgumentException when it is another kind of model, or on another device
     */
    public void update(TrainableDecoder trained) {
        if (!attributes(trained.config()).equals(attributes(config))
                || !WeightLayout.expected(trained.config()).equals(WeightLayout.expected(config))
                || !trained.thread().equals(thread)) {
            throw new IllegalArgumentException(
                    "the weights are those of another kind of model, or on another device than " + device);
        }
        reset();
        ScriptModule.asItStands(() -> new WeightLoader(
                        module,
                        config,
                        name -> trained.lend(name, tensor -> module.run("add_tensor", tensor, number(precision))))
                .load());
    }

    /** Logits of each token of a text, computed without a cache: [tokens][vocabulary]. */
    public float[] logits(int[] tokens) {
        return module.runFloats("all_logits", longs(tokens, 0, tokens.length));
    }

    /** The score head's values: one for each text, at its last token. */
    public double[] scores(List<int[]> texts) {
        int width = texts.stream().mapToInt(text -> text.length).max().orElse(0);
        long[] flat = new long[texts.size() * width];
        long[] lengths = new long[texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            int[] text = texts.get(i);
            lengths[i] = text.length;
            for (int j = 0; j < text.length; j++) {
                flat[i * width + j] = text[j];
            }
        }
        return module.runDoubles("scores", flat, width, lengths);
    }

    /** Makes room for a segment. */
    public void addSegment(long segment, int length) {
        module.run("add_segment", segment, length);
    }

    /** Computes tokens [from, to) of a segment; with the last of them, keeps the logits behind it under a key. */
    public void fillSegment(long segment, int[] tokens, int from, int to, long key) {
        module.run("fill_segment", segment, from, longs(tokens, from, to), key >= 0, key);
    }

    public void dropSegment(long segment) {
        module.run("drop_segment", segment);
    }

    public void dropLogits(long key) {
        module.run("drop_logits", key);
    }

    /** Makes a group, or changes its room. */
    public void resizeGroup(long group, int rows, int capacity) {
        module.run("resize_group", group, rows, capacity);
    }

    public void dropGroup(long group) {
        module.run("drop_group", group);
    }

    /** Moves a row of {@code length} tokens into another place of its group. */
    public void moveRow(long group, int source, int target, int length) {
        module.run("move_row", group, source, target, length);
    }

    /**
     * Computes tokens [from, to) of a text whose first {@code shared} tokens stand in a segment.
     *
     * @param segment -1: none
     * @param key under which the logits behind the last of them are kept; -1: they are not
     */
    public void fillRow(long group, int row, long segment, int shared, int[] tokens, int from, int to, long key) {
        module.run("fill_row", group, row, segment, shared, from - shared, longs(tokens, from, to), key >= 0, key);
    }

    /** Draws the first token of texts, from logits that were kept: tokens, then their log-probabilities. */
    public double[] first(long[] keys, Draws draws) {
        return module.runDoubles("first", keys, draws.uniforms(), draws.temperatures(), draws.topKs(), draws.topPs());
    }

    /** Takes one token for each row, and draws the next: tokens, then their log-probabilities. */
    public double[] step(Batch batch, Draws draws) {
        return module.runDoubles(
                "step",
                batch.groups(),
                batch.counts(),
                batch.segments(),
                batch.shared(),
                batch.tokens(),
                batch.own(),
                draws.uniforms(),
                draws.temperatures(),
                draws.topKs(),
                draws.topPs());
    }

    /** Logits after one token for each row: [rows][vocabulary]. */
    public float[] decode(Batch batch) {
        return module.runFloats(
                "decode",
                batch.groups(),
                batch.counts(),
                batch.segments(),
                batch.shared(),
                batch.tokens(),
                batch.own());
    }

    /** Logits that were kept under a key. */
    public float[] keptLogits(long key) {
        return module.runFloats("kept_logits", key);
    }

    /** Drops all segments, groups and logits: after a failure nobody knows what they hold. */
    public void reset() {
        ScriptModule.asItStands(() -> module.run("reset"));
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

    private static long[] longs(int[] tokens, int from, int to) {
        long[] longs = new long[to - from];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = tokens[from + i];
        }
        return longs;
    }

    /**
     * Rows that take a step together, sorted by group; those of a group are its first ones.
     *
     * @param groups the groups
     * @param counts rows of each
     * @param segments the segment of each; -1: none
     * @param shared tokens of that segment
     * @param tokens the token that each row takes
     * @param own tokens that each row has in its group already
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to native code as they are
    public record Batch(long[] groups, long[] counts, long[] segments, long[] shared, long[] tokens, long[] own) {}

    /**
     * How to draw, for each row.
     *
     * @param uniforms uniform numbers in [0, 1)
     * @param temperatures 0: the likeliest token
     * @param topKs 0: all
     * @param topPs 1: all
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to native code as they are
    public record Draws(double[] uniforms, double[] temperatures, long[] topKs, double[] topPs) {}
}
