/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.config.Configs;
import dev.kritik.worker.meta.vllm.VllmConfig;

/**
 * Which Meta RM scores the critiques.
 *
 * @param vllm how to reach it; empty: no Meta RM runs
 */
public record MetaConfig(Optional<VllmConfig> vllm) {

    private static final String NONE = "none";
    private static final String VLLM = "vllm";

    /** Its keys. */
    public static final ConfigDef DEF = VllmConfig.define(new ConfigDef()
            .define(
                    "worker.meta",
                    ConfigDef.Type.STRING,
                    NONE,
                    ConfigDef.ValidString.in(NONE, VLLM),
                    ConfigDef.Importance.HIGH,
                    "Kind of the Meta RM. none: critiques carry no logit, all valid votes count alike. vllm: a vLLM server"
                            + " with a one-label classification model."));

    /** Reads its keys; those of others are passed over. */
    public static MetaConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        return new MetaConfig(
                config.getString("worker.meta").equals(NONE) ? Optional.empty() : Optional.of(VllmConfig.from(config)));
    }
}
