/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Locale;

import dev.kritik.lm.EngineSettings;
import dev.kritik.schema.config.ConfigError;

/**
 * A model that is computed in this process, and where. The same keys serve judge and Meta RM, each under a prefix of its own.
 *
 * @param prefix of the keys it was read from, for errors
 * @param name the model as configured: a folder, or a name on a model hub
 * @param engine where and how it is computed
 */
public record LocalModel(String prefix, String name, EngineSettings engine) {

    /** Adds the keys to a definition. */
    public static ConfigDef define(ConfigDef def, String prefix, String modelDoc, String threadsDoc) {
        return def.define(prefix + "model", ConfigDef.Type.STRING, "", ConfigDef.Importance.HIGH, modelDoc)
                .define(
                        prefix + "device",
                        ConfigDef.Type.STRING,
                        "cpu",
                        ConfigDef.Importance.HIGH,
                        "Where it is computed: cpu, or cuda:0, cuda:1, ... (needs './kritik build djl-cuda').")
                .define(
                        prefix + "precision",
                        ConfigDef.Type.STRING,
                        "auto",
                        ConfigDef.ValidString.in("auto", "float32", "bfloat16", "float16"),
                        ConfigDef.Importance.MEDIUM,
                        "Element type of weights and caches. auto: float32 on a CPU, else what the checkpoint is stored"
                                + " in.")
                .define(
                        prefix + "threads",
                        ConfigDef.Type.INT,
                        0,
                        ConfigDef.Range.between(0, 4_096),
                        ConfigDef.Importance.MEDIUM,
                        threadsDoc);
    }

    /**
     * Reads the keys.
     *
     * @throws ConfigError naming the key at fault
     */
    public static LocalModel from(AbstractConfig config, String prefix) {
        String name = config.getString(prefix + "model").strip();
        if (name.isEmpty()) {
            throw new ConfigError(prefix + "model is missing: a folder with a Hugging Face checkpoint, or org/name");
        }
        int threads = config.getInt(prefix + "threads");
        var precision = EngineSettings.Precision.valueOf(
                config.getString(prefix + "precision").toUpperCase(Locale.ROOT));
        try {
            return new LocalModel(
                    prefix,
                    name,
                    new EngineSettings(
                            config.getString(prefix + "device").strip(),
                            precision,
                            threads == 0 ? Runtime.getRuntime().availableProcessors() : threads));
        } catch (IllegalArgumentException e) { // the limits of everything else stand in the definition
            throw new ConfigError(prefix + e.getMessage(), e);
        }
    }
}
