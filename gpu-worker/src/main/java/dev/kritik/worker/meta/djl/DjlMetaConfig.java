/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta.djl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.time.Duration;

import dev.kritik.lm.ScorerSettings;
import dev.kritik.worker.judge.djl.LocalModel;

/**
 * A Meta RM in this process.
 *
 * @param model the model, and where it is computed
 * @param scorer bounds of what is computed at once
 */
public record DjlMetaConfig(LocalModel model, ScorerSettings scorer) {

    /** Prefix of its keys. */
    public static final String PREFIX = "meta.djl.";

    private static final ScorerSettings DEFAULTS = ScorerSettings.defaults();

    /** Adds its keys to a definition. */
    public static ConfigDef define(ConfigDef def) {
        return LocalModel.define(
                        def,
                        PREFIX,
                        "The Meta RM: a folder with a Hugging Face checkpoint for sequence classification with one label"
                                + " (Llama, Qwen2, Qwen3, Gemma 2), or org/name or org/name@revision, as with judge.djl;"
                                + " or kritik-nano-meta, which comes with Kritik (KRITIK_HOME). Stands in every critique.",
                        "Threads that compute on the CPU; 0: all cores. One number serves the whole process: where the"
                                + " judge is djl too, either of this key and judge.djl.threads holds for both, and two"
                                + " different numbers are refused.")
                .define(
                        PREFIX + "batch.tokens",
                        ConfigDef.Type.INT,
                        DEFAULTS.maxBatchTokens(),
                        ConfigDef.Range.between(16, 1_048_576),
                        ConfigDef.Importance.MEDIUM,
                        "Most tokens that are computed in one step, over all samples of it; a longer sample is computed"
                                + " alone. Bounds the memory of a step.")
                .define(
                        PREFIX + "gather.ms",
                        ConfigDef.Type.LONG,
                        DEFAULTS.gather().toMillis(),
                        ConfigDef.Range.between(0, 60_000),
                        ConfigDef.Importance.LOW,
                        "Milliseconds that a first sample waits for others to be computed with it.")
                .define(
                        PREFIX + "queue",
                        ConfigDef.Type.INT,
                        DEFAULTS.maxQueue(),
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        "Most samples that wait; further ones go out without a logit.");
    }

    /**
     * Reads its keys.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    public static DjlMetaConfig from(AbstractConfig config) {
        return new DjlMetaConfig(
                LocalModel.from(config, PREFIX),
                new ScorerSettings(
                        config.getInt(PREFIX + "batch.tokens"),
                        Duration.ofMillis(config.getLong(PREFIX + "gather.ms")),
                        config.getInt(PREFIX + "queue")));
    }
}
