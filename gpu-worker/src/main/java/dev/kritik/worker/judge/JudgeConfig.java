/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.config.Configs;
import dev.kritik.worker.judge.djl.DjlConfig;
import dev.kritik.worker.judge.djl.DjlJudge;
import dev.kritik.worker.judge.djl.LocalModel;
import dev.kritik.worker.judge.openai.OpenAiConfig;
import dev.kritik.worker.judge.openai.OpenAiJudge;

/**
 * Which judge writes the critiques: exactly one is there, and only its keys are required.
 *
 * @param openai a server, and how to reach it
 * @param djl a model in this process
 */
public record JudgeConfig(Optional<OpenAiConfig> openai, Optional<DjlConfig> djl) {

    /** The key that says which. */
    public static final String KIND = "worker.judge";

    /** Its keys. */
    public static final ConfigDef DEF = DjlConfig.define(OpenAiConfig.define(new ConfigDef()
            .define(
                    KIND,
                    ConfigDef.Type.STRING,
                    OpenAiJudge.KIND,
                    ConfigDef.ValidString.in(OpenAiJudge.KIND, DjlJudge.KIND),
                    ConfigDef.Importance.HIGH,
                    "Kind of the judge. openai: any server that speaks /v1/chat/completions. djl: a model in this"
                            + " process, from a checkpoint.")));

    /**
     * Reads its keys; those of others are passed over.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     */
    public static JudgeConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, LocalModel.withOneNumberOfThreads(all));
        return config.getString(KIND).equals(DjlJudge.KIND)
                ? new JudgeConfig(Optional.empty(), Optional.of(DjlConfig.from(config)))
                : new JudgeConfig(Optional.of(OpenAiConfig.from(config)), Optional.empty());
    }
}
