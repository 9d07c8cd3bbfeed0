/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.config.Configs;
import dev.kritik.worker.judge.djl.LocalModel;
import dev.kritik.worker.meta.djl.DjlMetaConfig;
import dev.kritik.worker.meta.djl.DjlMetaRm;
import dev.kritik.worker.meta.vllm.VllmConfig;

/**
 * Which Meta RM scores the critiques: one at most is there; none: no Meta RM runs.
 *
 * @param vllm a server, and how to reach it
 * @param djl a model in this process
 */
public record MetaConfig(Optional<VllmConfig> vllm, Optional<DjlMetaConfig> djl) {

    /** The key that says which. */
    public static final String KIND = "worker.meta";

    /** The kind without a Meta RM. */
    public static final String NONE = "none";

    /** The kind that is a vLLM server. */
    public static final String VLLM = "vllm";

    /** Its keys. */
    public static final ConfigDef DEF = DjlMetaConfig.define(VllmConfig.define(new ConfigDef()
            .define(
                    KIND,
                    ConfigDef.Type.STRING,
                    NONE,
                    ConfigDef.ValidString.in(NONE, VLLM, DjlMetaRm.KIND),
                    ConfigDef.Importance.HIGH,
                    "Kind of the Meta RM. none: critiques carry no logit, all valid votes count alike. vllm: a vLLM server"
                            + " with a one-label classification model. djl: such a model in this process, from a"
                            + " checkpoint.")));

    /**
     * Reads its keys; those of others are passed over.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     */
    public static MetaConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, LocalModel.withOneNumberOfThreads(all));
        return switch (config.getString(KIND)) {
            case VLLM -> new MetaConfig(Optional.of(VllmConfig.from(config)), Optional.empty());
            case DjlMetaRm.KIND -> new MetaConfig(Optional.empty(), Optional.of(DjlMetaConfig.from(config)));
            default -> new MetaConfig(Optional.empty(), Optional.empty());
        };
    }
}
