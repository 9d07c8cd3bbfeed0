/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.config.Configs;
import dev.kritik.worker.judge.djl.DjlConfig;
import dev.kritik.worker.judge.djl.DjlJudge;
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

    private static final String KIND = "worker.meta";
    private static final String NONE = "none";
    private static final String VLLM = "vllm";

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

    /** Reads its keys; those of others are passed over. */
    public static MetaConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, withThreadsOfTheJudge(all));
        return switch (config.getString(KIND)) {
            case VLLM -> new MetaConfig(Optional.of(VllmConfig.from(config)), Optional.empty());
            case DjlMetaRm.KIND -> new MetaConfig(Optional.empty(), Optional.of(DjlMetaConfig.from(config)));
            default -> new MetaConfig(Optional.empty(), Optional.empty());
        };
    }

    /** PyTorch has one pool of threads in a process: whoever set their number for the judge need not do so twice. */
    private static Map<String, String> withThreadsOfTheJudge(Map<String, String> all) {
        String key = DjlMetaConfig.PREFIX + "threads";
        String judges = all.get(DjlConfig.PREFIX + "threads");
        if (judges == null || all.containsKey(key) || !DjlJudge.KIND.equals(all.get("worker.judge"))) {
            return all;
        }
        Map<String, String> both = new HashMap<>(all);
        both.put(key, judges);
        return both;
    }
}
