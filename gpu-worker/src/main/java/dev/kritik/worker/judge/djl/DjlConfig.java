/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.time.Duration;
import java.util.List;

import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;

/**
 * A judge in this process. How it samples is said by keys alone, with the same defaults as other judges: what the
 * checkpoint's {@code generation_config.json} recommends is not used, so that a change of the model changes nothing else.
 *
 * @param model the model, and where it is computed
 * @param generator bounds of what is computed at once
 * @param sampling how tokens are drawn
 */
public record DjlConfig(LocalModel model, GeneratorSettings generator, Sampling sampling) {

    /** Prefix of its keys. */
    public static final String PREFIX = "judge.djl.";

    private static final GeneratorSettings DEFAULTS = GeneratorSettings.defaults();

    /** Adds its keys to a definition. */
    public static ConfigDef define(ConfigDef def) {
        LocalModel.define(
                def,
                PREFIX,
                "The judge: a folder with a Hugging Face checkpoint (Llama, Qwen2, Qwen3, Gemma 2), or org/name or"
                        + " org/name@revision, which is looked for in the Hugging Face cache and else downloaded (HF_HOME,"
                        + " HF_ENDPOINT, HF_TOKEN); or kritik-nano, which comes with Kritik (KRITIK_HOME). Stands in every"
                        + " critique.",
                "Threads that compute on the CPU, at most as many as there are free cores; 0: all cores. One number"
                        + " serves the whole process, a Meta RM in it too.");
        defineBounds(def);
        return defineSampling(def);
    }

    private static void defineBounds(ConfigDef def) {
        def.define(
                        PREFIX + "rows",
                        ConfigDef.Type.INT,
                        DEFAULTS.maxRows(),
                        ConfigDef.Range.between(1, 4_096),
                        ConfigDef.Importance.HIGH,
                        "Most texts that are written at once; further ones wait. More rows write more tokens a second in"
                                + " all, and take more memory.")
                .define(
                        PREFIX + "cache.tokens",
                        ConfigDef.Type.LONG,
                        DEFAULTS.cacheTokens(),
                        ConfigDef.Range.atLeast(0),
                        ConfigDef.Importance.MEDIUM,
                        "Most tokens that caches hold, over all texts at once; what samples of one prompt share counts"
                                + " once. Bounds the memory beside the weights. 0: as many as full contexts of all"
                                + " rows need, but no more than a quarter of the machine's memory on a CPU, or 8 GiB"
                                + " on a GPU, holds.")
                .define(
                        PREFIX + "prefill.chunk",
                        ConfigDef.Type.INT,
                        DEFAULTS.prefillChunk(),
                        ConfigDef.Range.between(16, 1_048_576),
                        ConfigDef.Importance.LOW,
                        "Most tokens of prompts that are computed in one step. Bounds the memory of a step, and how long"
                                + " running texts wait for a new prompt.")
                .define(
                        PREFIX + "gather.ms",
                        ConfigDef.Type.LONG,
                        DEFAULTS.gather().toMillis(),
                        ConfigDef.Range.between(0, 60_000),
                        ConfigDef.Importance.LOW,
                        "Milliseconds that a first sample waits for others whose prompts begin alike, so that the"
                                + " beginning is computed once.")
                .define(
                        PREFIX + "queue",
                        ConfigDef.Type.INT,
                        DEFAULTS.maxQueue(),
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        "Most samples that wait for a free row; further ones fail, and are tried again.");
    }

    private static ConfigDef defineSampling(ConfigDef def) {
        return def.define(
                        PREFIX + "temperature",
                        ConfigDef.Type.DOUBLE,
                        0.5,
                        ConfigDef.Range.between(0.0, 2.0),
                        ConfigDef.Importance.MEDIUM,
                        "Temperature of the sampling. 0.5 is what the paper votes with; at 0 all samples of a panel in"
                                + " the same order are alike, and voting gains nothing. This and the next three hold"
                                + " whatever the checkpoint's generation_config.json recommends.")
                .define(
                        PREFIX + "top.p",
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        ConfigDef.Range.between(0.000_001, 1.0),
                        ConfigDef.Importance.LOW,
                        "Share of the probability mass that is sampled from.")
                .define(
                        PREFIX + "top.k",
                        ConfigDef.Type.INT,
                        0,
                        ConfigDef.Range.atLeast(0),
                        ConfigDef.Importance.LOW,
                        "Only so many of the likeliest tokens are sampled from. 0: all.")
                .define(
                        PREFIX + "max.tokens",
                        ConfigDef.Type.INT,
                        2_048,
                        ConfigDef.Range.between(1, 1_000_000),
                        ConfigDef.Importance.MEDIUM,
                        "Most tokens that the judge may write. A critique that meets the limit is TRUNCATED; models that"
                                + " think first need more.");
    }

    /**
     * Reads its keys.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    public static DjlConfig from(AbstractConfig config) {
        return new DjlConfig(
                LocalModel.from(config, PREFIX),
                new GeneratorSettings(
                        config.getInt(PREFIX + "rows"),
                        config.getLong(PREFIX + "cache.tokens"),
                        config.getInt(PREFIX + "prefill.chunk"),
                        Duration.ofMillis(config.getLong(PREFIX + "gather.ms")),
                        config.getInt(PREFIX + "queue")),
                new Sampling(
                        config.getDouble(PREFIX + "temperature"),
                        config.getInt(PREFIX + "top.k"),
                        config.getDouble(PREFIX + "top.p"),
                        config.getInt(PREFIX + "max.tokens"),
                        List.of()));
    }
}
